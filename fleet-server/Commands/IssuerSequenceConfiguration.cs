using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Messaging.FleetServer.Commands;

internal sealed class IssuerSequenceConfiguration : IEntityTypeConfiguration<IssuerSequence>
{
    public void Configure(EntityTypeBuilder<IssuerSequence> builder)
    {
        builder.ToTable("issuer_sequences");
        builder.HasKey(sequence => sequence.Name);
        builder.Property(sequence => sequence.Name).HasMaxLength(32);
    }
}
