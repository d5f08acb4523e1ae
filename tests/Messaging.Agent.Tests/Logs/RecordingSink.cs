using Messaging.Agent.Logs;

namespace Messaging.Agent.Tests.Logs;

/// <summary>
/// Keeps lines and checkpoints as the spool does: both or neither. Can crash before or after a write took effect.
/// </summary>
internal sealed class RecordingSink : ILogSink, ILogCheckpoints
{
    private readonly Lock _lock = new();
    private readonly List<LogLine> _lines = [];
    private readonly Dictionary<string, byte[]> _checkpoints = new(StringComparer.Ordinal);

    /// <summary>Asked before each write with its number; the answer is what happens.</summary>
    public Func<int, SinkFate> Fate { get; set; } = _ => SinkFate.Write;

    /// <summary>While set, writes wait.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public int Writes { get; private set; }

    public IReadOnlyList<LogLine> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    public IReadOnlyList<string> Texts => [.. Lines.Select(l => l.Body)];

    public async ValueTask WriteAsync(LogChunk chunk, CancellationToken ct)
    {
        if (Gate is { } gate)
        {
            await gate.Task.WaitAsync(ct);
        }

        ct.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var fate = Fate(Writes++);
            if (fate == SinkFate.CrashBefore)
            {
                throw new CrashException();
            }

            _lines.AddRange(chunk.Lines);
            if (chunk.CheckpointAfter.IsEmpty)
            {
                _checkpoints.Remove(chunk.CheckpointKey);
            }
            else
            {
                _checkpoints[chunk.CheckpointKey] = chunk.CheckpointAfter.ToArray();
            }

            if (fate == SinkFate.CrashAfter)
            {
                throw new CrashException();
            }
        }
    }

    public IReadOnlyList<LogCheckpoint> Find(string prefix)
    {
        lock (_lock)
        {
            return [.. _checkpoints.Where(c => c.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(c => new LogCheckpoint(c.Key, c.Value))];
        }
    }
}
