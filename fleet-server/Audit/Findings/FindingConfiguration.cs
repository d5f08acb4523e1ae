using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Messaging.FleetServer.Audit.Findings;

internal sealed class FindingConfiguration : IEntityTypeConfiguration<FindingRow>
{
    public void Configure(EntityTypeBuilder<FindingRow> builder)
    {
        builder.ToTable("audit_findings");
        builder.HasKey(row => row.Id);
        builder.HasIndex(row => new { row.Kind, row.DeviceId, row.Subject }).IsUnique();
        builder.HasIndex(row => row.AcknowledgedAt);
    }
}
