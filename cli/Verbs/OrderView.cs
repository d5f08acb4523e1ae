using Messaging.Cli.Commands;
using Messaging.Commands;
using Messaging.Rosters;

namespace Messaging.Cli.Verbs;

/// <summary>A proposed command for programs, from its bytes.</summary>
internal sealed record OrderView(
    string Id,
    string Type,
    string Arguments,
    bool DryRun,
    IReadOnlyList<string> Devices,
    DateTimeOffset IssuedAt,
    DateTimeOffset ExpiresAt,
    string Issuer,
    IReadOnlyList<string> Signers,
    int Needed,
    string Digest)
{
    public static OrderView Of(CommandOrder order, RosterContent roster)
    {
        var content = order.Command.Content;
        CommandSigners.Find(order.Command, roster, out var signers);
        return new OrderView(
            content.Id.ToString(),
            content.Type,
            OrderText.Arguments(content),
            content.DryRun,
            order.Set is { } set ? [.. set.Members.Select(static member => member.Device.ToString())] : [content.Target.Id.ToString()],
            DateTimeOffset.FromUnixTimeMilliseconds(content.IssuedAtUnixMs),
            DateTimeOffset.FromUnixTimeMilliseconds(content.ExpiresAtUnixMs),
            content.IssuerId.ToString(),
            [.. signers.Select(static signer => signer.Id.ToString())],
            roster.Policy.RuleFor(content.Type).Signatures,
            OrderText.Digest(order));
    }
}
