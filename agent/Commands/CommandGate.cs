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
    /// <summary>Judges a command that arrived.</summary>
    public CommandVerdict Judge(CommandDelivery delivery, RosterContent roster, CommandSituation now)
    {
        var content = delivery.Command.Content;
        var signature = CommandSigners.Find(delivery.Command, roster, out var signers);
        if (signature is CommandSignature.UnknownIssuer or CommandSignature.Forged)
        {
            return CommandVerdict.Ignored(signature == CommandSignature.Forged ? "command-bad-signature" : "command-unknown-issuer");
        }

        if (!delivery.IsFor(now.DeviceId))
        {
            return CommandVerdict.Ignored(content.Target.Kind == CommandTargetKind.Set ? "command-not-in-set" : "command-wrong-target");
        }

        if (content.IssuerSeq <= now.Floor)
        {
            return CommandVerdict.Rejected("command-replayed", "A later command of the same issuer was accepted before.");
        }

        return content.ExpiresAtUnixMs < now.TimeUnixMs
            ? CommandVerdict.Expired("It arrived after its time.")
            : JudgeSigners(signature, Types(content), signers, roster, now) ?? JudgeContent(delivery, now) ?? JudgeTime(Types(content), signers, roster, now);
    }

    /// <summary>
    /// Judges a command that was accepted and has not run yet: its issuer may have been let go meanwhile, and a window may have opened. That
    /// it was accepted is on disk, so that it cannot be played again: in another boot it needs none that it is bound to.
    /// </summary>
    public CommandVerdict JudgeAgain(CommandDelivery delivery, RosterContent roster, CommandSituation now)
    {
        var content = delivery.Command.Content;
        if (content.ExpiresAtUnixMs < Math.Max(now.TimeUnixMs, now.NowUnixMs ?? 0))
        {
            return CommandVerdict.Expired("Its time was over before it could run.");
        }

        var signature = CommandSigners.Find(delivery.Command, roster, out var signers);
        if (signature is CommandSignature.UnknownIssuer or CommandSignature.Forged)
        {
            return CommandVerdict.Rejected("command-unknown-issuer", "Its issuer is not in the fleet's roster any more.");
        }

        if (JudgeSigners(signature, Types(content), signers, roster, now) is { } refused)
        {
            return refused;
        }

        return delivery.Freshness is { } freshness && freshness.BootId == now.BootId && freshness.UptimeDeadlineMs < now.UptimeMs
            ? CommandVerdict.Expired("Its time was over before it could run.")
            : JudgeOwner(content) ?? JudgeTime(Types(content), signers, roster, now);
    }

    /// <summary>
    /// Judges a command that has begun and waits in the middle of what it does: may those who signed it still have it run, and does the device's owner still allow it? Its own time is not looked
    /// at, for it began in time. A key or a roster that has merely expired waits for a roster that says more: that somebody was let go is another thing.
    /// </summary>
    public CommandVerdict JudgeUnderWay(CommandDelivery delivery, RosterContent roster, CommandSituation now)
    {
        var content = delivery.Command.Content;
        var signature = CommandSigners.Find(delivery.Command, roster, out var signers);
        if (signature is CommandSignature.UnknownIssuer or CommandSignature.Forged)
        {
            return CommandVerdict.Rejected("command-unknown-issuer", "Its issuer is not in the fleet's roster any more.");
        }

        var refused = JudgeSignatures(signature) ?? JudgePermission(Types(content), signers, roster, now) ?? JudgeOwner(content);
        return refused ?? (JudgeEnds(signers, roster, now) is { } expired ? CommandVerdict.Waiting($"It waits for a newer roster. {expired.Message}") : CommandVerdict.Accepted);
    }

    /// <summary>What the fleet's owners say of those who signed; null when they let them.</summary>
    private static CommandVerdict? JudgeSigners(
        CommandSignature signature, List<string> types, IReadOnlyList<RosterPrincipal> signers, RosterContent roster, CommandSituation now) =>
        JudgeSignatures(signature) ?? JudgeEnds(signers, roster, now) ?? JudgePermission(types, signers, roster, now);

    private static CommandVerdict? JudgeSignatures(CommandSignature signature) => signature switch
    {
        CommandSignature.UnknownSigner => CommandVerdict.Rejected("command-unknown-signer", "Somebody signed it whom the fleet's roster does not name."),
        CommandSignature.ForgedToo => CommandVerdict.Rejected("command-bad-cosignature", "One of its signatures is not over this command."),
        _ => null,
    };

    /// <summary>Until when keys and the roster are good.</summary>
    private static CommandVerdict? JudgeEnds(IReadOnlyList<RosterPrincipal> signers, RosterContent roster, CommandSituation now)
    {
        for (var i = 0; i < signers.Count; i++)
        {
            if (signers[i].NotAfterUnixMs < now.TimeUnixMs)
            {
                return i == 0
                    ? CommandVerdict.Rejected("command-issuer-expired", "The issuer's key has expired: the fleet's owner can renew it.")
                    : CommandVerdict.Rejected("command-signer-expired", $"The key of signer {signers[i].Id} has expired: the fleet's owner can renew it.");
            }

            if (roster.ExpiresAtUnixMs < now.TimeUnixMs && !signers[i].HasRole(Roles.Server))
            {
                return CommandVerdict.Rejected("command-roster-expired", "The roster has expired, and only the server may command: the fleet's owner can renew it.");
            }
        }

        return null;
    }

    /// <summary>Whether the policy lets them, and asks for no more of them.</summary>
    private static CommandVerdict? JudgePermission(List<string> types, IReadOnlyList<RosterPrincipal> signers, RosterContent roster, CommandSituation now)
    {
        if (types[0] == CommandTypes.Cancel)
        {
            // It may be stopped by whoever could have had it run.
            var cancelled = now.CancelledType ?? CommandTypes.Cancel;
            return roster.Policy.MayCancel(cancelled, signers[0])
                ? null
                : CommandVerdict.Rejected("command-not-permitted", $"The fleet's policy lets no {Named(signers[0])} have {cancelled} run, and so not cancelled.");
        }

        foreach (var type in types)
        {
            switch (roster.Policy.Judge(type, signers, now.NowUnixMs))
            {
                case Permission.RoleMissing:
                    return CommandVerdict.Rejected(
                        "command-not-permitted", $"The fleet's policy lets no {Named(Without(roster.Policy.RuleFor(type), signers))} have {type} run{Within(types, type)}.");
                case Permission.SignaturesMissing:
                    return CommandVerdict.Rejected(
                        "command-not-cosigned",
                        $"The fleet's policy wants {roster.Policy.RuleFor(type).Signatures} signatures for {type}{Within(types, type)}, and it has {signers.Count}.");
                default:
                    break;
            }
        }

        return null;
    }

    private static string Within(List<string> types, string type) => type == types[0] ? "" : $", which is in this {types[0]}";

    private static string Named(RosterPrincipal signer) => signer.Roles.Count == 0 ? "principal without a role" : string.Join(", ", signer.Roles);

    private static RosterPrincipal Without(PolicyRule rule, IReadOnlyList<RosterPrincipal> signers)
    {
        foreach (var signer in signers)
        {
            var has = false;
            foreach (var role in rule.Roles)
            {
                has |= signer.HasRole(role);
            }

            if (!has)
            {
                return signer;
            }
        }

        return signers[0];
    }

    /// <summary>Now, or when a window opens.</summary>
    private CommandVerdict JudgeTime(List<string> types, IReadOnlyList<RosterPrincipal> signers, RosterContent roster, CommandSituation now)
    {
        if (policy.Handlers.TryGetValue(types[0], out var handler) && handler.WaitsItself)
        {
            return CommandVerdict.Accepted;
        }

        foreach (var type in types)
        {
            if (type != CommandTypes.Cancel && roster.Policy.Judge(type, signers, now.NowUnixMs) != Permission.Allowed)
            {
                return CommandVerdict.Waiting(WindowText.Waiting(roster.Policy.RuleFor(type), now.NowUnixMs));
            }
        }

        return CommandVerdict.Accepted;
    }

    /// <summary>Its own, and those that it stands for: a type that holds others is no way around what is said of them.</summary>
    private List<string> Types(CommandContent content)
    {
        List<string> types = [content.Type];
        if (policy.Handlers.TryGetValue(content.Type, out var handler))
        {
            types.AddRange(handler.Stands(content.Arguments));
        }

        return types;
    }

    /// <summary>What it says, and what this device's owner says to it; null when nothing speaks against it.</summary>
    private CommandVerdict? JudgeContent(CommandDelivery delivery, CommandSituation now)
    {
        var content = delivery.Command.Content;
        if (JudgeType(content.Type) is { } refused)
        {
            return refused;
        }

        if (delivery.Freshness is { } freshness)
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
        else if (policy.Handlers[content.Type].NeedsFreshness)
        {
            return CommandVerdict.Rejected("command-not-fresh", $"{content.Type} must be bound to this boot of the device.");
        }

        return JudgeArguments(content);
    }

    /// <summary>The owner may have changed the configuration between two starts.</summary>
    private CommandVerdict? JudgeOwner(CommandContent content) => JudgeType(content.Type) ?? JudgeArguments(content);

    private CommandVerdict? JudgeType(string type)
    {
        if (!policy.Handlers.ContainsKey(type))
        {
            return CommandVerdict.Rejected("command-unknown-type", "This version of the agent does not know such a command.");
        }

        return policy.Allowed.Contains(type)
            ? null
            : CommandVerdict.Rejected("command-not-allowed", $"The owner of this device does not allow {type} (Commands:Allow).");
    }

    private CommandVerdict? JudgeArguments(CommandContent content) =>
        policy.Handlers[content.Type].Judge(content.Arguments);
}
