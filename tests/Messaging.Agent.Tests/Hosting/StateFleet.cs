using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Hosting;

/// <summary>Keys of a fleet, and rosters that they signed.</summary>
internal sealed class StateFleet
{
    private readonly Dictionary<ulong, Roster> _rosters = [];
    private readonly IdentityKey _server = IdentityKey.Generate();

    public IdentityKey Root { get; } = IdentityKey.Generate();

    public PrincipalId ServerId => PrincipalId.FromIdentityKey(_server.Public);

    public HpkeKeyPair Hpke { get; } = HpkeKeyPair.Generate();

    public Roster Roster(ulong version) => _rosters.TryGetValue(version, out var known) ? known : _rosters[version] = Messaging.Rosters.Roster.Sign(Root, new RosterContent(
        PrincipalId.FromIdentityKey(Root.Public),
        version,
        0,
        [new RosterPrincipal(PrincipalId.FromIdentityKey(_server.Public), _server.Public, [Hpke.Public], [Roles.Server])],
        [],
        []));
}
