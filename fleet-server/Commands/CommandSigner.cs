using Messaging.Commands;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Trust;
using Messaging.Trust;
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

    /// <summary>The fleet's rule about a type of commands.</summary>
    public PolicyRule RuleFor(string type) => trust.Trust.Roster.Policy.RuleFor(type);

    /// <summary>Whether the server's own key may have such a command run, as far as roles say.</summary>
    public bool MaySign(string type) =>
        trust.Trust.Roster.Find(keys.ServerId) is { } server && RuleFor(type) is { Signatures: 1 } rule && rule.Roles.Any(server.HasRole);

    /// <summary>Why a command that somebody else has signed need not wait for devices, which would refuse it; null when they may take it.</summary>
    public CommandProblem? Check(Command command, DateTimeOffset now)
    {
        var roster = trust.Trust.Roster;
        if (command.Content.IssuerId == keys.ServerId || CommandSigners.Find(command, roster, out var signers) != CommandSignature.Right)
        {
            return new CommandProblem(422, "command_not_signed", "It is not signed by somebody whom the fleet's roster names; an owner can add the key.");
        }

        return CheckTerms(command.Content, now)
            ?? (roster.Policy.Judge(command.Content.Type, signers, null) == Permission.SignaturesMissing
                ? new CommandProblem(
                    422, "signatures_missing", $"The fleet's policy wants {RuleFor(command.Content.Type).Signatures} signatures for {command.Content.Type}, and it has {signers.Count}: propose it.")
                : null);
    }

    /// <summary>Expiry and number.</summary>
    public static CommandProblem? CheckTerms(CommandContent content, DateTimeOffset now) =>
        content.ExpiresAtUnixMs <= now.ToUnixTimeMilliseconds() || content.ExpiresAtUnixMs > (now + CommandCatalog.LongestExpiry).ToUnixTimeMilliseconds()
            ? new CommandProblem(422, "invalid_expiry", $"A command expires in at most {CommandCatalog.LongestExpiry.TotalDays} days, and not before it comes.")
            : content.IssuerSeq > long.MaxValue
                ? new CommandProblem(422, "invalid_sequence", "Its number is too high: no later command of this key would be accepted.")
                : null;

    /// <summary>Signs one command for many devices.</summary>
    /// <param name="members">Each with the boot that it is bound to.</param>
    public CommandOrder SignSet(
        CommandId id, CommandKind kind, byte[] args, bool dryRun, long sequence, IEnumerable<SetMember> members, DateTimeOffset now, DateTimeOffset expiresAt)
    {
        var set = new DeviceSet(members);
        return CommandOrder.Of(
            Command.Sign(keys.Server, new CommandContent(
                id,
                keys.ServerId,
                (ulong)sequence,
                CommandTarget.Of(set.Root, trust.RosterVersion),
                now.ToUnixTimeMilliseconds(),
                expiresAt.ToUnixTimeMilliseconds(),
                null,
                kind.Idempotent,
                kind.Type,
                args,
                dryRun)),
            set);
    }

    /// <summary>The boot that a command is bound to, with a deadline in its own clock.</summary>
    public static CommandFreshness? Freshness(CommandKind kind, DeviceBoot? boot, DateTimeOffset expiresAt, DateTimeOffset now) =>
        boot is not null && kind.BoundToBoot
            ? new CommandFreshness(boot.Id, (ulong)(boot.UptimeAt(now) + (expiresAt - now) + DeadlineSlack).TotalMilliseconds)
            : null;

    /// <param name="boot">The device's boot, for commands that are bound to one.</param>
    public byte[] Sign(CommandEntity command, CommandKind kind, long sequence, DeviceBoot? boot, DateTimeOffset now)
    {
        var content = new CommandContent(
            CommandId.TryParse(command.Id, out var id) ? id : throw new InvalidOperationException($"{command.Id} is not a command's id."),
            keys.ServerId,
            (ulong)sequence,
            new CommandTarget(CommandTargetKind.Device, PrincipalId.Parse(command.DeviceId), trust.RosterVersion),
            now.ToUnixTimeMilliseconds(),
            command.ExpiresAt.ToUnixTimeMilliseconds(),
            Freshness(kind, boot, command.ExpiresAt, now),
            kind.Idempotent,
            command.Type,
            command.Set?.Args ?? command.Args,
            command.DryRun);
        return Command.Sign(keys.Server, content).Bytes.ToArray();
    }
}
