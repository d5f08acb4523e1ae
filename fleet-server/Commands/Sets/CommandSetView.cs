using Messaging.FleetServer.Api;

namespace Messaging.FleetServer.Commands;

/// <summary>A command to a set of devices as the API shows it.</summary>
/// <param name="SignedBy">The principal of the roster that has signed it; null: this server.</param>
/// <param name="Size">How many devices it addresses.</param>
/// <param name="Totals">How many of them are how far.</param>
internal sealed record CommandSetView(
    string Id,
    string Type,
    RawJson Args,
    bool DryRun,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    string? SignedBy,
    DateTimeOffset ExpiresAt,
    int Size,
    CommandSetTotals Totals)
{
    public static CommandSetView Of(CommandSetEntity set, CommandSetTotals totals) => new(
        set.Id, set.Type, new RawJson(set.ArgsJson), set.DryRun, set.CreatedAt, set.CreatedBy, set.IssuerId, set.ExpiresAt, set.Size, totals);
}
