using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Messaging.FleetServer.Twin;

internal sealed class TwinConfiguration : IEntityTypeConfiguration<TwinRow>
{
    public void Configure(EntityTypeBuilder<TwinRow> builder)
    {
        builder.ToTable("twins");
        builder.HasKey(row => row.DeviceId);
        builder.Property(row => row.DeviceId).HasMaxLength(32);
    }
}
