namespace Messaging.Agent.Logs;

/// <summary>Follows log lines. It keeps no position of its own on disk: positions travel with the lines, as checkpoints.</summary>
internal interface ILogSource
{
    /// <summary>Shown to operators, such as <c>journal</c>.</summary>
    string Name { get; }

    /// <summary>Every checkpoint key of this source begins with it, such as <c>file/</c>: a source of many files has a key for each.</summary>
    string CheckpointPrefix { get; }

    /// <summary>Runs until cancelled.</summary>
    /// <param name="checkpoints">The newest durable checkpoints whose keys begin with <see cref="CheckpointPrefix"/>.</param>
    /// <param name="sink">Takes the lines; a write that has not completed holds the source back.</param>
    /// <param name="ct">Ends the run; lines not yet handed over are read again next time.</param>
    Task RunAsync(IReadOnlyList<LogCheckpoint> checkpoints, ILogSink sink, CancellationToken ct);
}
