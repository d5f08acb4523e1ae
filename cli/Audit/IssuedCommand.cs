using System.Diagnostics.CodeAnalysis;
using Messaging.Audit;
using Messaging.Wire;

namespace Messaging.Cli.Audit;

/// <summary>A command as a verified entry of the log has it: target "devices/{device}/commands/{command}", details "{type} {digest}"; of a set: target "commands/sets/{command}".</summary>
/// <param name="Device">Null: the devices of a set, each of which has proved that it is one.</param>
/// <param name="Digest">Hex.</param>
internal sealed record IssuedCommand(PrincipalId? Device, CommandId Id, string Type, string Digest, DateTimeOffset At, string Actor)
{
    public static bool TryRead(LoggedEntry entry, [NotNullWhen(true)] out IssuedCommand? command)
    {
        command = null;
        var space = entry.Details.LastIndexOf(' ');
        if (entry is not { Action: "command.create", Outcome: "ok" }
            || !TryRead(entry.Target, out var deviceId, out var commandId)
            || space < 0)
        {
            return false;
        }

        command = new IssuedCommand(
            deviceId, commandId, entry.Details[..space], entry.Details[(space + 1)..], DateTimeOffset.FromUnixTimeMilliseconds(entry.UnixMs), entry.Actor);
        return true;
    }

    private static bool TryRead(string target, out PrincipalId? device, out CommandId command)
    {
        (device, command) = (null, default);
        switch (target.Split('/'))
        {
            case ["devices", var id, "commands", var name] when PrincipalId.TryParse(id, out var one):
                device = one;
                return CommandId.TryParse(name, out command);
            case ["commands", "sets", var name]:
                return CommandId.TryParse(name, out command);
            default:
                return false;
        }
    }
}
