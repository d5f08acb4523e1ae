using Messaging.Cli.Hosting;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Cli.Commands;

/// <summary>A command that only needs to be signed.</summary>
/// <param name="Id">Its random name.</param>
/// <param name="Kind">Its type.</param>
/// <param name="Arguments">In CBOR.</param>
/// <param name="Device">For whom; of a set of devices nobody.</param>
/// <param name="ExpiresIn">How long it may wait.</param>
/// <param name="DryRun">Devices only say whether they would run it.</param>
internal sealed record CommandPlan(CommandId Id, CommandKind Kind, byte[] Arguments, PrincipalId Device, TimeSpan ExpiresIn, bool DryRun = false)
{
    /// <summary>The server's limit.</summary>
    public static readonly TimeSpan LongestExpiry = TimeSpan.FromDays(30);

    /// <summary>The device's uptime is an estimate of the server's.</summary>
    private static readonly TimeSpan DeadlineSlack = TimeSpan.FromSeconds(5);

    /// <summary>Signs it.</summary>
    /// <param name="key">The issuer's key.</param>
    /// <param name="issuer">Whose key it is.</param>
    /// <param name="sequence">A number above all that the key has used.</param>
    /// <param name="rosterVersion">The roster that is known here.</param>
    /// <param name="boot">The device's boot with its uptime in milliseconds; null: none is known.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="CliException">It has to be bound to a boot, and none is known.</exception>
    public Command Sign(IdentityKey key, PrincipalId issuer, ulong sequence, ulong rosterVersion, (BootId Id, long UptimeMs)? boot, DateTimeOffset now) =>
        Command.Sign(key, ForDevice(issuer, sequence, rosterVersion, boot, now));

    /// <summary>What it says to one device.</summary>
    /// <inheritdoc cref="Sign"/>
    public CommandContent ForDevice(PrincipalId issuer, ulong sequence, ulong rosterVersion, (BootId Id, long UptimeMs)? boot, DateTimeOffset now)
    {
        if (Kind.BoundToBoot && boot is null)
        {
            throw new CliException($"{Kind.Type} is bound to the device's boot, and the device has not been there yet. Try again when it has connected.");
        }

        return Content(issuer, sequence, new CommandTarget(CommandTargetKind.Device, Device, rosterVersion), Freshness(boot), now);
    }

    /// <summary>What it says to the devices of a set.</summary>
    /// <inheritdoc cref="Sign"/>
    public CommandContent ForSet(PrincipalId issuer, ulong sequence, ulong rosterVersion, DeviceSet set, DateTimeOffset now) =>
        Content(issuer, sequence, CommandTarget.Of(set.Root, rosterVersion), null, now);

    /// <summary>The devices that it can be signed for, each bound to its boot, and how many cannot be addressed because their boot is not known.</summary>
    public (DeviceSet? Set, int Unbound) Members(IEnumerable<(PrincipalId Id, (BootId Id, long UptimeMs)? Boot)> devices)
    {
        var members = new List<SetMember>();
        var unbound = 0;
        foreach (var (id, boot) in devices)
        {
            if (Kind.BoundToBoot && boot is null)
            {
                unbound++;
            }
            else
            {
                members.Add(new SetMember(id, Freshness(boot)));
            }
        }

        return (members.Count == 0 ? null : new DeviceSet(members), unbound);
    }

    private CommandFreshness? Freshness((BootId Id, long UptimeMs)? boot) => Kind.BoundToBoot && boot is var (id, uptimeMs)
        ? new CommandFreshness(id, (ulong)(uptimeMs + (long)(ExpiresIn + DeadlineSlack).TotalMilliseconds))
        : null;

    private CommandContent Content(PrincipalId issuer, ulong sequence, CommandTarget target, CommandFreshness? freshness, DateTimeOffset now)
    {
        var issuedAt = now.ToUnixTimeMilliseconds();
        return new CommandContent(
            Id,
            issuer,
            sequence,
            target,
            issuedAt,
            issuedAt + (long)ExpiresIn.TotalMilliseconds,
            freshness,
            Kind.Idempotent,
            Kind.Type,
            Arguments,
            DryRun);
    }
}
