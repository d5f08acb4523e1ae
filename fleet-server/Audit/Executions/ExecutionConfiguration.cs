using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Messaging.FleetServer.Audit.Executions;

internal sealed class ExecutionConfiguration :
    IEntityTypeConfiguration<ExecutionBatchRow>, IEntityTypeConfiguration<ExecutionRow>, IEntityTypeConfiguration<WitnessRow>, IEntityTypeConfiguration<DeviceKeyRow>
{
    public void Configure(EntityTypeBuilder<ExecutionBatchRow> builder)
    {
        builder.ToTable("execution_batches");
        builder.HasKey(row => row.Id);
        builder.HasIndex(row => row.ReceivedAt);
    }

    public void Configure(EntityTypeBuilder<ExecutionRow> builder)
    {
        builder.ToTable("executions");
        builder.HasKey(row => row.Id);
        builder.HasIndex(row => new { row.DeviceId, row.ChainId, row.Number });
        builder.HasIndex(row => row.CommandId);
        builder.HasIndex(row => row.ReceivedAt);
    }

    public void Configure(EntityTypeBuilder<WitnessRow> builder)
    {
        builder.ToTable("audit_witnesses");
        builder.HasKey(row => row.DeviceId);
    }

    public void Configure(EntityTypeBuilder<DeviceKeyRow> builder)
    {
        builder.ToTable("device_keys");
        builder.HasKey(row => row.Id);
        builder.HasIndex(row => row.DeviceId);
    }
}
