using Messaging.Commands;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Trust;
using Messaging.Wire;

namespace Messaging.FleetServer.Commands;

/// <summary>Signs commands with the server's key.</summary>
internal sealed class CommandSigner(FleetKeys keys, ITrustService trust)
{
    /// <summary>The clocks of two machines, and our estimate of the device's uptime, are not exact.</summary>
    private static readonly TimeSpan DeadlineSlack = TimeSpan.FromSeconds(5);

    /// <summary>What a command says that another key than the server's has signed; null for one that the server signs itself.</summary>
    public CommandContent? ForeignContent(CommandEntity command) =>
        command.Signed is { } signed && Command.TryParse(signed, out var parsed) && parsed.Content.IssuerId != keys.ServerId ? parsed.Content : null;

    /// <summary>Reads a command that somebody else has signed. Devices decide; but what they would refuse need not wait for them.</summary>
    public (Command? Command, CommandProblem? Problem) Read(ReadOnlySpan<byte> signed, PrincipalId device, DateTimeOffset now)
    {
        if (!Command.TryParse(signed, out var command))
        {
            return (null, new CommandProblem(422, "command_unreadable", "This is not a signed command."));
        }

        var content = command.Content;
        var issuer = trust.Trust.Roster.Find(content.IssuerId);
        var problem = issuer is null || content.IssuerId == keys.ServerId || !command.Verify(issuer.Identity)
            ? new CommandProblem(422, "command_not_signed", "It is not signed by somebody whom the fleet's roster names; an owner can add the key.")
            : content.Target.Kind != CommandTargetKind.Device || content.Target.Id != device
                ? new CommandProblem(422, "wrong_target", "It is for another device.")
                : content.ExpiresAtUnixMs <= now.ToUnixTimeMilliseconds() || content.ExpiresAtUnixMs > (now + CommandCatalog.LongestExpiry).ToUnixTimeMilliseconds()
                    ? new CommandProblem(422, "invalid_expiry", $"A command expires in at most {CommandCatalog.LongestExpiry.TotalDays} days, and not before it comes.")
                    : content.IssuerSeq > long.MaxValue
                        ? new CommandProblem(422, "invalid_sequence", "Its number is too high: no later command of this key would be accepted.")
                        : null;
        return (problem is null ? command : null, problem);
    }

    /// <param name="boot">The device's boot, for commands that are bound to one.</param>
    public byte[] Sign(CommandEntity command, CommandKind kind, long sequence, DeviceBoot? boot, DateTimeOffset now)
    {
        CommandFreshness? freshness = boot is not null && kind.BoundToBoot
            ? new CommandFreshness(boot.Id, (ulong)(boot.UptimeAt(now) + (command.ExpiresAt - now) + DeadlineSlack).TotalMilliseconds)
            : null;
        var content = new CommandContent(
            CommandId.TryParse(command.Id, out var id) ? id : throw new InvalidOperationException($"{command.Id} is not a command's id."),
            keys.ServerId,
            (ulong)sequence,
            new CommandTarget(CommandTargetKind.Device, PrincipalId.Parse(command.DeviceId), trust.RosterVersion),
            now.ToUnixTimeMilliseconds(),
            command.ExpiresAt.ToUnixTimeMilliseconds(),
            freshness,
            kind.Idempotent,
            command.Type,
            command.Args);
        return Command.Sign(keys.Server, content).Bytes.ToArray();
    }
}
