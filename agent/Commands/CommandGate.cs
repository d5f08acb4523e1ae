using Messaging.Commands;
using Messaging.Rosters;

namespace Messaging.Agent.Commands;

/// <summary>
/// Decides whether a command is obeyed: who signed it, for whom, in which order, until when, and what this device's owner allows.
/// Pure: the same command in the same situation gets the same verdict.
/// </summary>
internal sealed class CommandGate(CommandPolicy policy)
{
    private static readonly string[] CommandingRoles = [Roles.Server, Roles.Operator, Roles.Owner];

    public CommandVerdict Judge(Command command, RosterContent roster, CommandSituation now)
    {
        var content = command.Content;
        if (roster.Find(content.IssuerId) is not { } issuer)
        {
            return CommandVerdict.Ignored("command-unknown-issuer");
        }

        if (!command.Verify(issuer.Identity))
        {
            return CommandVerdict.Ignored("command-bad-signature");
        }

        if (!IsForThisDevice(content.Target, now))
        {
            return CommandVerdict.Ignored("command-wrong-target");
        }

        if (!CommandingRoles.Any(issuer.HasRole))
        {
            return CommandVerdict.Rejected("command-not-permitted", "The issuer's role may not command devices.");
        }

        if (content.IssuerSeq <= now.Floor)
        {
            return CommandVerdict.Rejected("command-replayed", "A later command of the same issuer was accepted before.");
        }

        if (content.ExpiresAtUnixMs < now.TimeUnixMs)
        {
            return CommandVerdict.Expired("It arrived after its time.");
        }

        return JudgeContent(content, now);
    }

    private static bool IsForThisDevice(CommandTarget target, CommandSituation now) => target.Kind switch
    {
        CommandTargetKind.Device => target.Id == now.DeviceId,
        CommandTargetKind.Group => now.Groups.Contains(target.Id),
        _ => false,
    };

    private CommandVerdict JudgeContent(CommandContent content, CommandSituation now)
    {
        if (!policy.Handlers.TryGetValue(content.Type, out var handler))
        {
            return CommandVerdict.Rejected("command-unknown-type", "This version of the agent does not know such a command.");
        }

        if (!policy.Allowed.Contains(content.Type))
        {
            return CommandVerdict.Rejected("command-not-allowed", $"The owner of this device does not allow {content.Type} (Commands:Allow).");
        }

        if (content.Freshness is { } freshness)
        {
            if (freshness.BootId != now.BootId)
            {
                return CommandVerdict.Expired("The device was restarted since it was issued.");
            }

            if (freshness.UptimeDeadlineMs < now.UptimeMs)
            {
                return CommandVerdict.Expired("It arrived after its time.");
            }
        }
        else if (handler.NeedsFreshness)
        {
            return CommandVerdict.Rejected("command-not-fresh", $"{content.Type} must be bound to this boot of the device.");
        }

        return handler.Check(content.Arguments) is { } problem
            ? CommandVerdict.Rejected("command-bad-arguments", problem)
            : CommandVerdict.Accepted;
    }
}
