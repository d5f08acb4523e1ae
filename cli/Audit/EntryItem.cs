using Messaging.Audit;

namespace Messaging.Cli.Audit;

/// <summary>An entry of a log, as the server answers it.</summary>
/// <param name="Previous">Hex.</param>
/// <param name="Hash">Hex.</param>
internal sealed record EntryItem(
    string? LogId,
    long Number,
    string? Previous,
    string? Hash,
    long UnixMs,
    string? ActorKind,
    string? ActorId,
    string? Actor,
    string? Action,
    string? Target,
    string? Outcome,
    string? Address,
    string? Details)
{
    /// <summary>Null when it is none.</summary>
    public (LoggedEntry Entry, byte[] Hash)? Read() => ChainId.TryParse(LogId, out var log) && Hex.TryRead(Previous, 32, out var previous) && Hex.TryRead(Hash, 32, out var hash)
        ? (new LoggedEntry
        {
            LogId = log,
            Number = Number,
            Previous = previous,
            UnixMs = UnixMs,
            ActorKind = ActorKind ?? "",
            ActorId = ActorId ?? "",
            Actor = Actor ?? "",
            Action = Action ?? "",
            Target = Target ?? "",
            Outcome = Outcome ?? "",
            Address = Address ?? "",
            Details = Details ?? "",
        }, hash)
        : null;
}
