using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Messaging.FleetServer.Access;

internal sealed class AccessConfiguration :
    IEntityTypeConfiguration<Operator>, IEntityTypeConfiguration<OperatorSession>, IEntityTypeConfiguration<ApiToken>
{
    public void Configure(EntityTypeBuilder<Operator> builder)
    {
        builder.ToTable("operators");
        builder.HasKey(account => account.Id);
        builder.HasIndex(account => account.NormalizedUsername).IsUnique();
    }

    public void Configure(EntityTypeBuilder<OperatorSession> builder)
    {
        builder.ToTable("sessions");
        builder.HasKey(session => session.Hash);
        builder.HasIndex(session => session.ExpiresAt);
        builder.HasOne<Operator>().WithMany().HasForeignKey(session => session.OperatorId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<ApiToken> builder)
    {
        builder.ToTable("api_tokens");
        builder.HasKey(token => token.Id);
        builder.HasIndex(token => token.Hash).IsUnique();
    }
}
