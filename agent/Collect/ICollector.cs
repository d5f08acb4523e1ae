namespace Messaging.Agent.Collect;

/// <summary>Reads one part of the machine. One instance is never asked twice at the same time.</summary>
internal interface ICollector
{
    /// <summary>Stable lower-case name: what configuration, commands and the status screen call it.</summary>
    string Name { get; }

    /// <summary>The interval that applies unless configuration or a command says otherwise.</summary>
    TimeSpan DefaultInterval { get; }

    /// <summary>How long a collection may take, where configuration gives every collector this long.</summary>
    TimeSpan Deadline(TimeSpan configured) => configured;

    /// <summary>
    /// Takes one sample of everything that this collector measures. Samples recorded before an exception are dropped, so that
    /// a batch never holds half a collection.
    /// </summary>
    /// <exception cref="CollectorUnavailableException">This machine has nothing to measure here; it is reported once and asked again now and then.</exception>
    ValueTask CollectAsync(IMetricRecorder recorder, CancellationToken ct);
}
