using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Messaging.FleetServer.Updates.Devices;

internal sealed class UpdateConfiguration : IEntityTypeConfiguration<UpdateRow>, IEntityTypeConfiguration<ComponentRow>
{
    public void Configure(EntityTypeBuilder<UpdateRow> builder)
    {
        builder.ToTable("updates");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.DeviceId).HasMaxLength(32);
        builder.Property(row => row.CommandId).HasMaxLength(32);
        builder.HasIndex(row => new { row.DeviceId, row.CommandId }).IsUnique();

        // Those of a set, and how many are how far.
        builder.HasIndex(row => new { row.CommandId, row.State });
        builder.HasIndex(row => row.State);
    }

    public void Configure(EntityTypeBuilder<ComponentRow> builder)
    {
        builder.ToTable("components");
        builder.HasKey(row => new { row.DeviceId, row.Name });
        builder.Property(row => row.DeviceId).HasMaxLength(32);
        builder.HasIndex(row => new { row.Name, row.Version });
    }
}
