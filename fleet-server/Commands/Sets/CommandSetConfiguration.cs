using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Messaging.FleetServer.Commands;

internal sealed class CommandSetConfiguration : IEntityTypeConfiguration<CommandSetEntity>
{
    public void Configure(EntityTypeBuilder<CommandSetEntity> builder)
    {
        builder.ToTable("command_sets");
        builder.HasKey(set => set.Id);
        builder.Property(set => set.Id).HasMaxLength(32);
        builder.Property(set => set.IssuerId).HasMaxLength(32);
        builder.HasIndex(set => set.CreatedAt);
    }
}
