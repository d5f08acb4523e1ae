using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Messaging.FleetServer.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Twins : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "twins",
                columns: table => new
                {
                    DeviceId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    DesiredVersion = table.Column<long>(type: "INTEGER", nullable: true),
                    Desired = table.Column<byte[]>(type: "BLOB", nullable: true),
                    CommandId = table.Column<string>(type: "TEXT", nullable: true),
                    SignedBy = table.Column<string>(type: "TEXT", nullable: true),
                    CreatedBy = table.Column<string>(type: "TEXT", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    CommandState = table.Column<int>(type: "INTEGER", nullable: true),
                    RefusedCommandId = table.Column<string>(type: "TEXT", nullable: true),
                    RefusedVersion = table.Column<long>(type: "INTEGER", nullable: true),
                    RefusedMessage = table.Column<string>(type: "TEXT", nullable: true),
                    ReportEpochNo = table.Column<long>(type: "INTEGER", nullable: false),
                    ReportNo = table.Column<long>(type: "INTEGER", nullable: false),
                    Report = table.Column<byte[]>(type: "BLOB", nullable: true),
                    ReportedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_twins", x => x.DeviceId);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "twins");
        }
    }
}
