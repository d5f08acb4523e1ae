using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Messaging.FleetServer.Storage.Migrations
{
    /// <inheritdoc />
    public partial class UpdateSources : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "FromHomes",
                table: "updates",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "FromMirrors",
                table: "updates",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "FromNeighbours",
                table: "updates",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "FromHomes",
                table: "updates");

            migrationBuilder.DropColumn(
                name: "FromMirrors",
                table: "updates");

            migrationBuilder.DropColumn(
                name: "FromNeighbours",
                table: "updates");
        }
    }
}
