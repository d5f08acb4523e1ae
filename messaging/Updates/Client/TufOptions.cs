using Messaging.Updates.Keys;

namespace Messaging.Updates.Client;

/// <summary>What a client works with.</summary>
/// <param name="store">What it trusts.</param>
/// <param name="fetcher">What it reads.</param>
/// <param name="schemes">The kinds of keys that it can verify.</param>
/// <param name="time">Its clock.</param>
public sealed class TufOptions(ITufStore store, ITufFetcher fetcher, IReadOnlyList<ITufScheme> schemes, TimeProvider time)
{
    /// <summary>What it trusts.</summary>
    public ITufStore Store { get; } = store;

    /// <summary>What it reads.</summary>
    public ITufFetcher Fetcher { get; } = fetcher;

    /// <summary>The kinds of keys that it can verify.</summary>
    public IReadOnlyList<ITufScheme> Schemes { get; } = schemes;

    /// <summary>Its clock.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>What it reads at most.</summary>
    public TufLimits Limits { get; init; } = TufLimits.Default;
}
