using System.Diagnostics.CodeAnalysis;
using Messaging.Commands;
using Messaging.Rosters;
using Messaging.Wire;

namespace Messaging.Trust;

/// <summary>
/// Who may have which commands run. The first rule about a type decides; after the owners' rules come the rules that hold by default
/// (messaging/spec/protocol.md, section 15), and what no rule is about nobody may.
/// </summary>
public sealed class Policy(IReadOnlyList<PolicyRule> rules)
{
    /// <summary>The most rules.</summary>
    public const int MaxRules = 64;

    private static readonly PolicyRule[] Defaults =
    [
        new([CommandTypes.Ping, CommandTypes.Collect, CommandTypes.SetIntervals, CommandTypes.DesiredSet], [Roles.Server, Roles.Operator, Roles.Owner], 1, []),
        new(
            [CommandTypes.RestartUnit, CommandTypes.Reboot, CommandTypes.RunScript, CommandTypes.GpioSet, CommandTypes.PwmSet, CommandTypes.App, CommandTypes.Cancel],
            [Roles.Operator, Roles.Owner],
            1,
            []),
        new([PolicyRule.AnyType], [Roles.Owner], 1, []),
    ];

    /// <summary>The rules that hold where none of the owners' is about a type.</summary>
    public static IReadOnlyList<PolicyRule> DefaultRules => Defaults;

    /// <summary>No rule but those that hold by default.</summary>
    public static Policy Default { get; } = new([]);

    /// <summary>The owners' rules, without the defaults.</summary>
    public IReadOnlyList<PolicyRule> Rules { get; } = rules;

    /// <summary>The rule that decides about a type.</summary>
    public PolicyRule RuleFor(string type)
    {
        foreach (var rule in Rules)
        {
            if (rule.IsAbout(type))
            {
                return rule;
            }
        }

        return Array.Find(Defaults, rule => rule.IsAbout(type))!;
    }

    /// <summary>Judges a command.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="signers">The principals whose signatures were verified, none twice.</param>
    /// <param name="unixMs">The time, in Unix milliseconds; null when it is not known.</param>
    public Permission Judge(string type, IReadOnlyList<RosterPrincipal> signers, long? unixMs)
    {
        ArgumentNullException.ThrowIfNull(signers);
        var rule = RuleFor(type);
        foreach (var signer in signers)
        {
            if (!rule.Roles.Any(signer.HasRole))
            {
                return Permission.RoleMissing;
            }
        }

        if (signers.Count < rule.Signatures)
        {
            return Permission.SignaturesMissing;
        }

        if (rule.Windows.Count == 0)
        {
            return Permission.Allowed;
        }

        if (unixMs is not { } now)
        {
            return Permission.TimeUnknown;
        }

        foreach (var window in rule.Windows)
        {
            if (window.Contains(now))
            {
                return Permission.Allowed;
            }
        }

        return Permission.OutsideWindow;
    }

    /// <summary>
    /// Whether a principal may have a command of this type cancelled: who has one of the roles that may have it run. Windows and the number of
    /// signatures do not matter, for it does less harm to stop than to start.
    /// </summary>
    public bool MayCancel(string type, RosterPrincipal signer)
    {
        foreach (var role in RuleFor(type).Roles)
        {
            if (signer.HasRole(role))
            {
                return true;
            }
        }

        return false;
    }

    internal static bool TryRead(ref CborReader reader, [NotNullWhen(true)] out Policy? policy)
    {
        policy = null;
        if (!reader.TryReadArrayHead(out var count, MaxRules))
        {
            return false;
        }

        var rules = new PolicyRule[count];
        for (var i = 0; i < count; i++)
        {
            if (!PolicyRule.TryRead(ref reader, out rules[i]!))
            {
                return false;
            }
        }

        policy = count == 0 ? Default : new Policy(rules);
        return true;
    }

    internal void Write(ref CborWriter writer)
    {
        writer.WriteArrayHead(Rules.Count, MaxRules);
        foreach (var rule in Rules)
        {
            rule.Write(ref writer);
        }
    }
}
