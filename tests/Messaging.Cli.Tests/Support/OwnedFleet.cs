using Messaging.Cli.Trust;
using Messaging.Crypto;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Cli.Tests.Support;

/// <summary>A fleet that an owner has taken over.</summary>
internal sealed class OwnedFleet : IDisposable
{
    public OwnedFleet() => Assert.Equal(TrustVerdict.Applied, Fleet.Take(TakeOver.Plan(Fleet.Device, RootKey, OwnerKey, [], ServerFleet.Start.AddDays(1)), coSign: true));

    public ServerFleet Fleet { get; } = new();

    public IdentityKey RootKey { get; } = IdentityKey.Generate();

    public IdentityKey OwnerKey { get; } = IdentityKey.Generate();

    public PrincipalId OwnerId => PrincipalId.FromIdentityKey(OwnerKey.Public);

    public FleetTrust Trust => Fleet.Device;

    /// <summary>A day after the last change.</summary>
    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(Trust.SignedAtUnixMs).AddDays(1);

    public void Dispose()
    {
        Fleet.Dispose();
        RootKey.Dispose();
        OwnerKey.Dispose();
    }
}
