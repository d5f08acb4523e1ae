using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.EvilRelay.Harness;

/// <summary>The fleet's owner, with keys that no server ever had.</summary>
internal sealed class Owner : IDisposable
{
    private ulong _sequence = (ulong)Now;

    public IdentityKey Root { get; } = IdentityKey.Generate();

    public IdentityKey Key { get; } = IdentityKey.Generate();

    public PrincipalId Id => PrincipalId.FromIdentityKey(Key.Public);

    public static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The next root, for the server to sign too, and the next roster.</summary>
    public TrustChange TakeOver(FleetTrust before)
    {
        var root = new RootContent(before.Root.FleetId, before.Root.Version + 1, Now, new KeyRole(1, Root.Public), new KeyRole(1, Key.Public));
        return new TrustChange([FleetRoot.Sign(root, Root)], Sign(before.Roster with { RootVersion = root.Version }));
    }

    /// <summary>The next roster under the same root, with one more principal if need be.</summary>
    public TrustChange Change(FleetTrust before, long? expiresAtUnixMs = null, RosterPrincipal? more = null) =>
        new([], Sign(before.Roster with { ExpiresAtUnixMs = expiresAtUnixMs }, more));

    /// <summary>A script to run, on a device in this boot.</summary>
    public Command Command(PrincipalId device, CommandFreshness boot, string script, IdentityKey? by = null, long lifetimeMs = 600_000) =>
        Command(device, boot, CommandTypes.RunScript, new RunScriptArguments(script, []).Encode(), by, lifetimeMs);

    /// <summary>A command of any type, on a device in this boot.</summary>
    public Command Command(PrincipalId device, CommandFreshness boot, string type, byte[] arguments, IdentityKey? by = null, long lifetimeMs = 600_000)
    {
        var key = by ?? Key;
        return Commands.Command.Sign(key, new CommandContent(
            CommandId.Generate(),
            PrincipalId.FromIdentityKey(key.Public),
            ++_sequence,
            new CommandTarget(CommandTargetKind.Device, device, 2),
            Now,
            Now + lifetimeMs,
            boot,
            Idempotent: false,
            type,
            arguments));
    }

    public void Dispose()
    {
        Root.Dispose();
        Key.Dispose();
    }

    private Roster Sign(RosterContent before, RosterPrincipal? more = null)
    {
        List<RosterPrincipal> principals =
        [
            .. before.Principals.Where(static one => one.HasRole(Roles.Server)).Select(static one => one with { Roles = [Roles.Server] }),
            .. before.Principals.Where(static one => one.HasRole(Roles.Time)),
            new RosterPrincipal(Id, Key.Public, [], [Roles.Operator, Roles.Owner]),
        ];
        if (more is not null)
        {
            principals.Add(more);
        }

        return Roster.Sign(before with { Version = before.Version + 1, IssuedAtUnixMs = Now, Principals = principals }, Key);
    }
}
