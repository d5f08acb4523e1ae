using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Messaging.FleetServer.Storage.Migrations
{
    /// <inheritdoc />
    public partial class CommandSets : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.RenameColumn(
                name: "DeviceId",
                table: "issuer_sequences",
                newName: "Name");

            // SQLite cannot change a primary key, and the mapper's way around it runs outside of the transaction.
            migrationBuilder.DropIndex(name: "IX_commands_DeviceId_Ordinal", table: "commands");

            migrationBuilder.DropIndex(name: "IX_commands_State", table: "commands");

            migrationBuilder.RenameTable(name: "commands", newName: "commands_before");

            migrationBuilder.CreateTable(
                name: "commands",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    DeviceId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    SetIndex = table.Column<int>(type: "INTEGER", nullable: true),
                    DryRun = table.Column<bool>(type: "INTEGER", nullable: false, defaultValue: false),
                    Ordinal = table.Column<long>(type: "INTEGER", nullable: false),
                    Type = table.Column<string>(type: "TEXT", nullable: false),
                    ArgsJson = table.Column<string>(type: "TEXT", nullable: false),
                    Args = table.Column<byte[]>(type: "BLOB", nullable: false),
                    State = table.Column<int>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedBy = table.Column<string>(type: "TEXT", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    SentAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LastSentAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    Signed = table.Column<byte[]>(type: "BLOB", nullable: true),
                    IssuerSeq = table.Column<long>(type: "INTEGER", nullable: true),
                    IssuerId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    BootNonce = table.Column<byte[]>(type: "BLOB", nullable: true),
                    LastReportNo = table.Column<long>(type: "INTEGER", nullable: false),
                    LastReportAt = table.Column<long>(type: "INTEGER", nullable: true),
                    FinishedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Progress = table.Column<int>(type: "INTEGER", nullable: true),
                    ExitCode = table.Column<int>(type: "INTEGER", nullable: true),
                    Message = table.Column<string>(type: "TEXT", nullable: false),
                    Output = table.Column<byte[]>(type: "BLOB", nullable: false),
                    OutputTruncated = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_commands", x => new { x.DeviceId, x.Id });
                });

            migrationBuilder.Sql(
                """
                INSERT INTO "commands" ("Id", "DeviceId", "Ordinal", "Type", "ArgsJson", "Args", "State", "CreatedAt", "CreatedBy", "ExpiresAt", "SentAt", "LastSentAt", "Attempts", "Signed", "IssuerSeq", "IssuerId", "BootNonce", "LastReportNo", "LastReportAt", "FinishedAt", "Progress", "ExitCode", "Message", "Output", "OutputTruncated")
                SELECT "Id", "DeviceId", "Ordinal", "Type", "ArgsJson", "Args", "State", "CreatedAt", "CreatedBy", "ExpiresAt", "SentAt", "LastSentAt", "Attempts", "Signed", "IssuerSeq", "IssuerId", "BootNonce", "LastReportNo", "LastReportAt", "FinishedAt", "Progress", "ExitCode", "Message", "Output", "OutputTruncated"
                FROM "commands_before"
                """);

            migrationBuilder.DropTable(name: "commands_before");

            migrationBuilder.CreateIndex(name: "IX_commands_DeviceId_Ordinal", table: "commands", columns: new[] { "DeviceId", "Ordinal" }, unique: true);

            migrationBuilder.CreateIndex(name: "IX_commands_State", table: "commands", column: "State");

            migrationBuilder.CreateTable(
                name: "command_proposals",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Type = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedBy = table.Column<string>(type: "TEXT", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    State = table.Column<int>(type: "INTEGER", nullable: false),
                    Order = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_command_proposals", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "command_sets",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Type = table.Column<string>(type: "TEXT", nullable: false),
                    ArgsJson = table.Column<string>(type: "TEXT", nullable: false),
                    DryRun = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedBy = table.Column<string>(type: "TEXT", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    IssuerId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    Size = table.Column<int>(type: "INTEGER", nullable: false),
                    Order = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_command_sets", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_commands_Id_State",
                table: "commands",
                columns: new[] { "Id", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_command_proposals_CreatedAt",
                table: "command_proposals",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_command_sets_CreatedAt",
                table: "command_sets",
                column: "CreatedAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "command_proposals");

            migrationBuilder.DropTable(
                name: "command_sets");

            migrationBuilder.RenameColumn(
                name: "Name",
                table: "issuer_sequences",
                newName: "DeviceId");

            migrationBuilder.DropIndex(name: "IX_commands_Id_State", table: "commands");

            // Rows of sets have no arguments, and many the same id.
            migrationBuilder.Sql("""DELETE FROM "commands" WHERE "SetIndex" IS NOT NULL""");

            migrationBuilder.DropIndex(name: "IX_commands_DeviceId_Ordinal", table: "commands");

            migrationBuilder.DropIndex(name: "IX_commands_State", table: "commands");

            migrationBuilder.RenameTable(name: "commands", newName: "commands_before");

            migrationBuilder.CreateTable(
                name: "commands",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    DeviceId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Ordinal = table.Column<long>(type: "INTEGER", nullable: false),
                    Type = table.Column<string>(type: "TEXT", nullable: false),
                    ArgsJson = table.Column<string>(type: "TEXT", nullable: false),
                    Args = table.Column<byte[]>(type: "BLOB", nullable: false),
                    State = table.Column<int>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedBy = table.Column<string>(type: "TEXT", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    SentAt = table.Column<long>(type: "INTEGER", nullable: true),
                    LastSentAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    Signed = table.Column<byte[]>(type: "BLOB", nullable: true),
                    IssuerSeq = table.Column<long>(type: "INTEGER", nullable: true),
                    IssuerId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    BootNonce = table.Column<byte[]>(type: "BLOB", nullable: true),
                    LastReportNo = table.Column<long>(type: "INTEGER", nullable: false),
                    LastReportAt = table.Column<long>(type: "INTEGER", nullable: true),
                    FinishedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Progress = table.Column<int>(type: "INTEGER", nullable: true),
                    ExitCode = table.Column<int>(type: "INTEGER", nullable: true),
                    Message = table.Column<string>(type: "TEXT", nullable: false),
                    Output = table.Column<byte[]>(type: "BLOB", nullable: false),
                    OutputTruncated = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_commands", x => x.Id);
                });

            migrationBuilder.Sql(
                """
                INSERT INTO "commands" ("Id", "DeviceId", "Ordinal", "Type", "ArgsJson", "Args", "State", "CreatedAt", "CreatedBy", "ExpiresAt", "SentAt", "LastSentAt", "Attempts", "Signed", "IssuerSeq", "IssuerId", "BootNonce", "LastReportNo", "LastReportAt", "FinishedAt", "Progress", "ExitCode", "Message", "Output", "OutputTruncated")
                SELECT "Id", "DeviceId", "Ordinal", "Type", "ArgsJson", "Args", "State", "CreatedAt", "CreatedBy", "ExpiresAt", "SentAt", "LastSentAt", "Attempts", "Signed", "IssuerSeq", "IssuerId", "BootNonce", "LastReportNo", "LastReportAt", "FinishedAt", "Progress", "ExitCode", "Message", "Output", "OutputTruncated"
                FROM "commands_before"
                """);

            migrationBuilder.DropTable(name: "commands_before");

            migrationBuilder.CreateIndex(name: "IX_commands_DeviceId_Ordinal", table: "commands", columns: new[] { "DeviceId", "Ordinal" }, unique: true);

            migrationBuilder.CreateIndex(name: "IX_commands_State", table: "commands", column: "State");
        }
    }
}
