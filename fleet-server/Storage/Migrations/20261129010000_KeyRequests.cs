using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Messaging.FleetServer.Storage.Migrations
{
    /// <inheritdoc />
    public partial class KeyRequests : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "IssuerId",
                table: "commands",
                type: "TEXT",
                maxLength: 32,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "key_requests",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    AccountId = table.Column<string>(type: "TEXT", nullable: false),
                    Account = table.Column<string>(type: "TEXT", nullable: false),
                    Point = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Fingerprint = table.Column<string>(type: "TEXT", nullable: false),
                    Principal = table.Column<string>(type: "TEXT", nullable: false),
                    Role = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    AcceptedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_key_requests", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_key_requests_AccountId",
                table: "key_requests",
                column: "AccountId");

            migrationBuilder.CreateIndex(
                name: "IX_key_requests_Fingerprint",
                table: "key_requests",
                column: "Fingerprint",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "key_requests");

            migrationBuilder.DropColumn(
                name: "IssuerId",
                table: "commands");
        }
    }
}
