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
