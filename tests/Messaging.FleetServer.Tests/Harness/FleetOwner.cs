using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.FleetServer.Tests.Harness;

/// <summary>Somebody who takes a fleet over: a root key in the drawer, and a key of every day.</summary>
internal sealed class FleetOwner : IDisposable
{
    public IdentityKey Root { get; } = IdentityKey.Generate();

    public IdentityKey Key { get; } = IdentityKey.Generate();

    public PrincipalId Id => PrincipalId.FromIdentityKey(Key.Public);

    /// <summary>The next root, signed by its own key alone, and the next roster.</summary>
    public TrustChange TakeOver(FleetTrust before, Func<RosterContent, RosterContent>? change = null)
    {
        var root = new RootContent(before.Root.FleetId, before.Root.Version + 1, before.Root.IssuedAtUnixMs + 1, new KeyRole(1, Root.Public), new KeyRole(1, Key.Public));
        return new TrustChange([FleetRoot.Sign(root, Root)], Sign(before.Roster with { RootVersion = root.Version }, change));
    }

    /// <summary>The next roster under the same root.</summary>
    public TrustChange Change(FleetTrust before, Func<RosterContent, RosterContent>? change = null) => new([], Sign(before.Roster, change));

    public void Dispose()
    {
        Root.Dispose();
        Key.Dispose();
    }

    /// <summary>The server may do what servers may, and the owner all else.</summary>
    private Roster Sign(RosterContent before, Func<RosterContent, RosterContent>? change)
    {
        var next = before with
        {
            Version = before.Version + 1,
            Principals =
            [
                .. before.Principals.Where(one => one.Id != Id).Select(static one => one.HasRole(Roles.Server) ? one with { Roles = [Roles.Server] } : one),
                new RosterPrincipal(Id, Key.Public, [], [Roles.Operator, Roles.Owner]),
            ],
        };
        return Roster.Sign(change?.Invoke(next) ?? next, Key);
    }
}
