using System.Security.Cryptography;
using Messaging.Cli.Hosting;
using Messaging.Commands;
using Messaging.Rosters;
using Messaging.Updates.Releases;

namespace Messaging.Cli.Commands;

/// <summary>What a proposed command says, from its bytes alone: nobody signs a server's words.</summary>
internal static class OrderText
{
    private const int ShownDevices = 10;

    /// <summary>16 hexadecimal digits that stand for exactly this command and its devices.</summary>
    public static string Digest(CommandOrder order) => Convert.ToHexStringLower(SHA256.HashData(order.Command.PayloadBytes))[..16];

    /// <summary>The arguments, without what is secret.</summary>
    public static string Arguments(CommandContent content)
    {
        var text = CborText.Of(content.Arguments.Span);
        return content.Type == CommandTypes.Update && UpdateArguments.TryDecode(content.Arguments.Span, out var update) && update.Key is { } key
            ? text.Replace($"h'{Convert.ToHexStringLower(key.Span)}'", "(the key of the release, not shown)", StringComparison.Ordinal)
            : text;
    }

    /// <summary>Line by line.</summary>
    public static IEnumerable<string> Of(CommandOrder order, RosterContent roster)
    {
        var content = order.Command.Content;
        yield return $"command   {content.Id}";
        yield return $"type      {TerminalText.Line(content.Type)}{(content.DryRun ? " (dry run: devices only say whether they would run it)" : "")}";
        yield return $"arguments {TerminalText.Line(Arguments(content))}";
        if (order.Set is { } set)
        {
            yield return $"devices   {set.Members.Count}";
            foreach (var member in set.Members.Take(ShownDevices))
            {
                yield return $"          {member.Device}";
            }

            if (set.Members.Count > ShownDevices)
            {
                yield return $"          and {set.Members.Count - ShownDevices} more (--json shows all)";
            }
        }
        else
        {
            yield return $"device    {content.Target.Id}";
        }

        yield return $"issued    {TerminalText.Time(content.IssuedAtUnixMs)}";
        yield return $"expires   {TerminalText.Time(content.ExpiresAtUnixMs)}";
        var signature = CommandSigners.Find(order.Command, roster, out var signers);
        if (signature != CommandSignature.Right)
        {
            yield return "signed    not rightly: devices would refuse it";
        }

        foreach (var signer in signers)
        {
            yield return $"signed    {signer.Id} ({string.Join(", ", signer.Roles)}){(signer.Id == content.IssuerId ? ", who proposes it" : "")}";
        }

        yield return $"needed    {roster.Policy.RuleFor(content.Type).Signatures} signatures";
        yield return $"digest    {Digest(order)}";
    }
}
