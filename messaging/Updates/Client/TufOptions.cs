using Messaging.Updates.Keys;

namespace Messaging.Updates.Client;

/// <summary>What a client works with.</summary>
/// <param name="Store">What it trusts.</param>
/// <param name="Fetcher">What it reads.</param>
/// <param name="Schemes">The kinds of keys that it can verify.</param>
/// <param name="Time">Its clock.</param>
public sealed record TufOptions(ITufStore Store, ITufFetcher Fetcher, IReadOnlyList<ITufScheme> Schemes, TimeProvider Time)
{
    /// <summary>What it reads at most.</summary>
    public TufLimits Limits { get; init; } = TufLimits.Default;
}
