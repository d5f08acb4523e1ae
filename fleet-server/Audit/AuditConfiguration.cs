using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Messaging.FleetServer.Audit;

internal sealed class AuditConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public const string Table = "audit";

    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        // Triggers (see the migration) refuse UPDATE, and DELETE of what is younger than 30 days.
        builder.ToTable(Table, table => table.HasTrigger("audit_no_update"));
        builder.HasKey(entry => entry.Id);
        builder.Property(entry => entry.Id).ValueGeneratedOnAdd();
        builder.Property(entry => entry.LogId).HasMaxLength(32);
        builder.HasIndex(entry => entry.Time);
        builder.HasIndex(entry => entry.Target);
        builder.HasIndex(entry => new { entry.LogId, entry.Number }).IsUnique();
    }
}
