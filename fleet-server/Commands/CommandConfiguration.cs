using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Messaging.FleetServer.Commands;

internal sealed class CommandConfiguration : IEntityTypeConfiguration<CommandEntity>
{
    public void Configure(EntityTypeBuilder<CommandEntity> builder)
    {
        builder.ToTable("commands");
        builder.HasKey(command => new { command.DeviceId, command.Id });
        builder.Ignore(command => command.Set);
        builder.Property(command => command.Id).HasMaxLength(32);
        builder.Property(command => command.DeviceId).HasMaxLength(32);
        builder.Property(command => command.IssuerId).HasMaxLength(32);
        builder.HasIndex(command => new { command.DeviceId, command.Ordinal }).IsUnique();
        builder.HasIndex(command => command.State);

        // The rows of a set, and how many are how far.
        builder.HasIndex(command => new { command.Id, command.State });
    }
}
