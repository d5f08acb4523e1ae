using Messaging.Commands;
using Messaging.Rosters;
using Messaging.Trust;

namespace Messaging.Agent.Commands;

/// <summary>
/// Decides whether a command is obeyed: who signed it, for whom, in which order, until when, and what this device's owner allows.
/// Pure: the same command in the same situation gets the same verdict.
/// </summary>
internal sealed class CommandGate(CommandPolicy policy)
{
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

        if (content.IssuerSeq <= now.Floor)
        {
            return CommandVerdict.Rejected("command-replayed", "A later command of the same issuer was accepted before.");
        }

        if (content.ExpiresAtUnixMs < now.TimeUnixMs)
        {
            return CommandVerdict.Expired("It arrived after its time.");
        }

        return JudgeIssuer(content.Type, issuer, roster, now) ?? JudgeContent(content, now);
    }

    /// <summary>What the fleet's owners say; null when they let the issuer.</summary>
    private static CommandVerdict? JudgeIssuer(string type, RosterPrincipal issuer, RosterContent roster, CommandSituation now)
    {
        if (issuer.NotAfterUnixMs < now.TimeUnixMs)
        {
            return CommandVerdict.Rejected("command-issuer-expired", "The issuer's key has expired: the fleet's owner can renew it.");
        }

        if (roster.ExpiresAtUnixMs < now.TimeUnixMs && !issuer.HasRole(Roles.Server))
        {
            return CommandVerdict.Rejected("command-roster-expired", "The roster has expired, and only the server may command: the fleet's owner can renew it.");
        }

        if (type == CommandTypes.Cancel)
        {
            // It may be stopped by whoever could have had it run.
            var cancelled = now.CancelledType ?? CommandTypes.Cancel;
            return roster.Policy.MayCancel(cancelled, issuer)
                ? null
                : CommandVerdict.Rejected("command-not-permitted", $"The fleet's policy lets no {Named(issuer)} have {cancelled} run, and so not cancelled.");
        }

        return roster.Policy.Judge(type, [issuer], now.WallUnixMs) switch
        {
            Permission.Allowed => null,
            Permission.RoleMissing => CommandVerdict.Rejected(
                "command-not-permitted", $"The fleet's policy lets no {Named(issuer)} have {type} run."),
            Permission.SignaturesMissing => CommandVerdict.Rejected(
                "command-not-cosigned", $"The fleet's policy wants {roster.Policy.RuleFor(type).Signatures} signatures for {type}."),
            Permission.OutsideWindow => CommandVerdict.Rejected("command-outside-window", $"The fleet's policy has {type} run in a maintenance window only."),
            _ => CommandVerdict.Rejected(
                "command-time-unknown", $"The fleet's policy has {type} run in a maintenance window only, and this device does not know the time yet."),
        };
    }

    private static string Named(RosterPrincipal issuer) => issuer.Roles.Count == 0 ? "principal without a role" : string.Join(", ", issuer.Roles);

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
