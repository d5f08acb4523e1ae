using System.Diagnostics.CodeAnalysis;
using Messaging.Audit;
using Messaging.Wire;

namespace Messaging.Cli.Audit;

/// <summary>A command as a verified entry of the log has it: target "devices/{device}/commands/{command}", details "{type} {digest}".</summary>
/// <param name="Digest">Hex.</param>
internal sealed record IssuedCommand(PrincipalId Device, CommandId Id, string Type, string Digest, DateTimeOffset At, string Actor)
{
    public static bool TryRead(LoggedEntry entry, [NotNullWhen(true)] out IssuedCommand? command)
    {
        command = null;
        var space = entry.Details.LastIndexOf(' ');
        if (entry is not { Action: "command.create", Outcome: "ok" }
            || entry.Target.Split('/') is not ["devices", var device, "commands", var id]
            || !PrincipalId.TryParse(device, out var deviceId)
            || !CommandId.TryParse(id, out var commandId)
            || space < 0)
        {
            return false;
        }

        command = new IssuedCommand(
            deviceId, commandId, entry.Details[..space], entry.Details[(space + 1)..], DateTimeOffset.FromUnixTimeMilliseconds(entry.UnixMs), entry.Actor);
        return true;
    }
}
