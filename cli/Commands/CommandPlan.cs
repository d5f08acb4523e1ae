using Messaging.Cli.Hosting;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Cli.Commands;

/// <summary>A command that only needs to be signed.</summary>
/// <param name="Id">Its random name.</param>
/// <param name="Kind">Its type.</param>
/// <param name="Arguments">In CBOR.</param>
/// <param name="Device">For whom.</param>
/// <param name="ExpiresIn">How long it may wait.</param>
internal sealed record CommandPlan(CommandId Id, CommandKind Kind, byte[] Arguments, PrincipalId Device, TimeSpan ExpiresIn)
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
    public Command Sign(IdentityKey key, PrincipalId issuer, ulong sequence, ulong rosterVersion, (BootId Id, long UptimeMs)? boot, DateTimeOffset now)
    {
        CommandFreshness? freshness = null;
        if (Kind.BoundToBoot)
        {
            var (id, uptimeMs) = boot
                ?? throw new CliException($"{Kind.Type} is bound to the device's boot, and the device has not been there yet. Try again when it has connected.");
            freshness = new CommandFreshness(id, (ulong)(uptimeMs + (long)(ExpiresIn + DeadlineSlack).TotalMilliseconds));
        }

        var issuedAt = now.ToUnixTimeMilliseconds();
        return Command.Sign(key, new CommandContent(
            Id,
            issuer,
            sequence,
            new CommandTarget(CommandTargetKind.Device, Device, rosterVersion),
            issuedAt,
            issuedAt + (long)ExpiresIn.TotalMilliseconds,
            freshness,
            Kind.Idempotent,
            Kind.Type,
            Arguments));
    }
}
