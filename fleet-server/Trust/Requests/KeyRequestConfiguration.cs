using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Messaging.FleetServer.Trust.Requests;

internal sealed class KeyRequestConfiguration : IEntityTypeConfiguration<KeyRequest>
{
    public void Configure(EntityTypeBuilder<KeyRequest> builder)
    {
        builder.ToTable("key_requests");
        builder.HasKey(request => request.Id);
        builder.HasIndex(request => request.Fingerprint).IsUnique();
        builder.HasIndex(request => request.AccountId);
    }
}
