using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Messaging.FleetServer.Storage.Migrations
{
    /// <inheritdoc />
    public partial class AuditChain : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Entries of before have no chain, and none can be made for them afterwards: the log begins with this version.
            migrationBuilder.DropTable(name: "audit");

            migrationBuilder.CreateTable(
                name: "audit",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    LogId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Number = table.Column<long>(type: "INTEGER", nullable: false),
                    Previous = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Time = table.Column<long>(type: "INTEGER", nullable: false),
                    ActorKind = table.Column<string>(type: "TEXT", nullable: false),
                    ActorId = table.Column<string>(type: "TEXT", nullable: false),
                    Actor = table.Column<string>(type: "TEXT", nullable: false),
                    Action = table.Column<string>(type: "TEXT", nullable: false),
                    Target = table.Column<string>(type: "TEXT", nullable: false),
                    Outcome = table.Column<string>(type: "TEXT", nullable: false),
                    Address = table.Column<string>(type: "TEXT", nullable: false),
                    Details = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_audit_Time",
                table: "audit",
                column: "Time");

            migrationBuilder.CreateTable(
                name: "audit_checkpoints",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    LogId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Number = table.Column<long>(type: "INTEGER", nullable: false),
                    Time = table.Column<long>(type: "INTEGER", nullable: false),
                    Bytes = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit_checkpoints", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "audit_findings",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Kind = table.Column<string>(type: "TEXT", nullable: false),
                    DeviceId = table.Column<string>(type: "TEXT", nullable: false),
                    Subject = table.Column<string>(type: "TEXT", nullable: false),
                    Details = table.Column<string>(type: "TEXT", nullable: false),
                    FoundAt = table.Column<long>(type: "INTEGER", nullable: false),
                    AcknowledgedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    AcknowledgedBy = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit_findings", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "audit_witnesses",
                columns: table => new
                {
                    DeviceId = table.Column<string>(type: "TEXT", nullable: false),
                    LogId = table.Column<string>(type: "TEXT", nullable: false),
                    Number = table.Column<long>(type: "INTEGER", nullable: false),
                    Hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    ReceivedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit_witnesses", x => x.DeviceId);
                });

            migrationBuilder.CreateTable(
                name: "device_keys",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    DeviceId = table.Column<string>(type: "TEXT", nullable: false),
                    KeyPoint = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Bytes = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_device_keys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "execution_batches",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    DeviceId = table.Column<string>(type: "TEXT", nullable: false),
                    KeyPoint = table.Column<byte[]>(type: "BLOB", nullable: false),
                    ReceivedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Bytes = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_execution_batches", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "executions",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    DeviceId = table.Column<string>(type: "TEXT", nullable: false),
                    ChainId = table.Column<string>(type: "TEXT", nullable: false),
                    Number = table.Column<long>(type: "INTEGER", nullable: false),
                    Previous = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    CommandId = table.Column<string>(type: "TEXT", nullable: false),
                    Digest = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Issuer = table.Column<string>(type: "TEXT", nullable: false),
                    Type = table.Column<string>(type: "TEXT", nullable: false),
                    State = table.Column<int>(type: "INTEGER", nullable: false),
                    Time = table.Column<long>(type: "INTEGER", nullable: true),
                    ReceivedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_executions", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_audit_LogId_Number",
                table: "audit",
                columns: new[] { "LogId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_audit_Target",
                table: "audit",
                column: "Target");

            migrationBuilder.CreateIndex(
                name: "IX_audit_checkpoints_LogId_Number",
                table: "audit_checkpoints",
                columns: new[] { "LogId", "Number" });

            migrationBuilder.CreateIndex(
                name: "IX_audit_findings_AcknowledgedAt",
                table: "audit_findings",
                column: "AcknowledgedAt");

            migrationBuilder.CreateIndex(
                name: "IX_audit_findings_Kind_DeviceId_Subject",
                table: "audit_findings",
                columns: new[] { "Kind", "DeviceId", "Subject" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_device_keys_DeviceId",
                table: "device_keys",
                column: "DeviceId");

            migrationBuilder.CreateIndex(
                name: "IX_execution_batches_ReceivedAt",
                table: "execution_batches",
                column: "ReceivedAt");

            migrationBuilder.CreateIndex(
                name: "IX_executions_CommandId",
                table: "executions",
                column: "CommandId");

            migrationBuilder.CreateIndex(
                name: "IX_executions_DeviceId_ChainId_Number",
                table: "executions",
                columns: new[] { "DeviceId", "ChainId", "Number" });

            migrationBuilder.CreateIndex(
                name: "IX_executions_ReceivedAt",
                table: "executions",
                column: "ReceivedAt");

            Guard(migrationBuilder, "audit");
            Guard(migrationBuilder, "audit_checkpoints");
        }

        /// <summary>It only grows: a row never changes, and goes no earlier than the shortest retention that may be set.</summary>
        private static void Guard(MigrationBuilder migrationBuilder, string table)
        {
            migrationBuilder.Sql(
                $"""
                CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
                BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
                """);
            migrationBuilder.Sql(
                $"""
                CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
                WHEN OLD.Time > (CAST(strftime('%s', 'now') AS INTEGER) - 30 * 86400) * 1000
                BEGIN SELECT RAISE(ABORT, 'audit entries are kept for at least 30 days'); END;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "audit_checkpoints");

            migrationBuilder.DropTable(
                name: "audit_findings");

            migrationBuilder.DropTable(
                name: "audit_witnesses");

            migrationBuilder.DropTable(
                name: "device_keys");

            migrationBuilder.DropTable(
                name: "execution_batches");

            migrationBuilder.DropTable(
                name: "executions");

            migrationBuilder.DropIndex(
                name: "IX_audit_LogId_Number",
                table: "audit");

            migrationBuilder.DropIndex(
                name: "IX_audit_Target",
                table: "audit");

            migrationBuilder.DropColumn(
                name: "Hash",
                table: "audit");

            migrationBuilder.DropColumn(
                name: "LogId",
                table: "audit");

            migrationBuilder.DropColumn(
                name: "Number",
                table: "audit");

            migrationBuilder.DropColumn(
                name: "Previous",
                table: "audit");
        }
    }
}
