using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Messaging.FleetServer.Audit.Checkpoints;

internal sealed class CheckpointConfiguration : IEntityTypeConfiguration<CheckpointRow>
{
    public void Configure(EntityTypeBuilder<CheckpointRow> builder)
    {
        // Triggers as those of the entries.
        builder.ToTable("audit_checkpoints", table => table.HasTrigger("audit_checkpoints_no_update"));
        builder.HasKey(row => row.Id);
        builder.Property(row => row.LogId).HasMaxLength(32);
        builder.HasIndex(row => new { row.LogId, row.Number });
    }
}
