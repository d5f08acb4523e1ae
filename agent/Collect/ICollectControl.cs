namespace Messaging.Agent.Collect;

/// <summary>What commands may do to the collectors.</summary>
internal interface ICollectControl
{
    /// <summary>Collectors that can run here, with the interval in force, ordered by name.</summary>
    IReadOnlyList<KeyValuePair<string, TimeSpan>> Intervals { get; }

    /// <summary>Raised after <see cref="Intervals"/> changed.</summary>
    event EventHandler? IntervalsChanged;

    /// <summary>
    /// Changes all or none; durable when it returns. <see cref="TimeSpan.Zero"/> goes back to what configuration says.
    /// </summary>
    /// <returns>Null, or why nothing was changed (unknown collector, interval below 100 ms or above 7 days).</returns>
    /// <exception cref="IOException">The state folder cannot be written.</exception>
    string? TrySetIntervals(IReadOnlyList<KeyValuePair<string, TimeSpan>> intervals);

    /// <summary>What the fleet's desired state has, above all else; not durable here, its store is.</summary>
    IReadOnlyList<KeyValuePair<string, TimeSpan>> DesiredIntervals { get; }

    /// <summary>Replaces <see cref="DesiredIntervals"/>. Collectors that are not there are left out.</summary>
    void SetDesiredIntervals(IReadOnlyList<KeyValuePair<string, TimeSpan>> intervals);

    /// <summary>
    /// Collects now, all collectors when <paramref name="names"/> is empty; completes when their samples are recorded or they failed.
    /// </summary>
    /// <returns>One line per collector that did not succeed; empty when all did.</returns>
    Task<IReadOnlyList<string>> CollectNowAsync(IReadOnlyList<string> names, CancellationToken ct);
}
