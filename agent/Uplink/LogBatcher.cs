using System.Buffers;
using Messaging.Agent.Clock;
using Messaging.Agent.Configuration;
using Messaging.Agent.Hosting;
using Messaging.Agent.Logs;
using Messaging.Agent.Spool;
using Messaging.Agent.Transport.Metering;
using Messaging.Epochs;
using Messaging.Streams;
using Messaging.Telemetry;

namespace Messaging.Agent.Uplink;

/// <summary>
/// Gathers log lines into records; a record and the positions after its lines are one entry of the spool. A source waits until its
/// lines are there: while the disk refuses, the lines stay where they are.
/// </summary>
internal sealed class LogBatcher(UplinkWriter writer, SpoolStore spool, IBootClock boot, AgentOptions options, LinkCost link, TimeProvider time) : ILogSink, ILogCheckpoints
{
    /// <summary>Enough to be worth a record at once: a source that catches up must not wait for the clock.</summary>
    private const int EagerBytes = 16 * 1024;
    private const int LineOverhead = 64;
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);
    private readonly Lock _gate = new();
    private readonly Signal _wake = new();
    private readonly Queue<PendingChunk> _pending = new();
    private long _pendingBytes;
    private bool _stopped;

    public IReadOnlyList<LogCheckpoint> Find(string prefix)
    {
        var found = new List<LogCheckpoint>();
        foreach (var (key, value) in spool.Checkpoints(prefix))
        {
            found.Add(new LogCheckpoint(key, value));
        }

        return found;
    }

    public async ValueTask WriteAsync(LogChunk chunk, CancellationToken ct)
    {
        var pending = new PendingChunk(chunk, Measure(chunk));
        lock (_gate)
        {
            if (_stopped)
            {
                throw new OperationCanceledException(ct);
            }

            _pending.Enqueue(pending);
            _pendingBytes += pending.Bytes;
        }

        _wake.Set();

        // Given up only together with the batcher: a line that is on its way must not be handed over again.
        await pending.Written.Task;
        ct.ThrowIfCancellationRequested();
    }

    /// <summary>Runs until cancelled, then writes what is left.</summary>
    public async Task RunAsync(CancellationToken ct, LoopBeat? beat = null)
    {
        var flushedAt = long.MinValue;
        link.Changed += _wake.Set;
        try
        {
            while (true)
            {
                beat?.Idle();
                await _wake.WaitAsync(Timeout.InfiniteTimeSpan, time, ct);
                if (flushedAt != long.MinValue)
                {
                    await GatherAsync(flushedAt, ct);
                }

                beat?.Busy();
                while (!TryFlush())
                {
                    beat?.IdleFor(RetryInterval);
                    await Task.Delay(RetryInterval, time, ct);
                    beat?.Busy();
                }

                flushedAt = time.GetTimestamp();
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            TryFlush();
            lock (_gate)
            {
                _stopped = true;
                foreach (var pending in _pending)
                {
                    pending.Written.TrySetCanceled(ct);
                }

                _pending.Clear();
            }
        }
        finally
        {
            link.Changed -= _wake.Set;
        }
    }

    private static long Measure(LogChunk chunk)
    {
        long bytes = chunk.CheckpointAfter.Length;
        foreach (var line in chunk.Lines)
        {
            bytes += line.Body.Length + LineOverhead;
        }

        return bytes;
    }

    private async Task GatherAsync(long since, CancellationToken ct)
    {
        while (Interlocked.Read(ref _pendingBytes) < EagerBytes && link.LogsFlush - time.GetElapsedTime(since) is var left && left > TimeSpan.Zero)
        {
            await _wake.WaitAsync(left, time, ct);
        }
    }

    /// <summary>Writes all that waits; false when the disk refuses, and then what is left goes on waiting.</summary>
    private bool TryFlush()
    {
        while (true)
        {
            var batch = TakeBatch();
            if (batch.Count == 0)
            {
                return true;
            }

            if (!TryWrite(batch))
            {
                return false;
            }

            lock (_gate)
            {
                for (var i = 0; i < batch.Count; i++)
                {
                    _pendingBytes -= _pending.Dequeue().Bytes;
                }
            }

            batch.ForEach(pending => pending.Written.TrySetResult());
        }
    }

    private List<PendingChunk> TakeBatch()
    {
        var batch = new List<PendingChunk>();
        long bytes = 0;
        var lines = 0;
        lock (_gate)
        {
            foreach (var pending in _pending)
            {
                if (batch.Count > 0 && (bytes + pending.Bytes > options.Uplink.RecordBytes || lines + pending.Chunk.Lines.Count > LogBatch.MaxEntries))
                {
                    break;
                }

                batch.Add(pending);
                bytes += pending.Bytes;
                lines += pending.Chunk.Lines.Count;
            }
        }

        return batch;
    }

    private bool TryWrite(List<PendingChunk> batch)
    {
        // The newest position of each source.
        var positions = new Dictionary<string, Checkpoint>(StringComparer.Ordinal);
        var entries = new List<LogEntry>();
        var boots = new LineBoots(boot.BootId);
        foreach (var pending in batch)
        {
            positions[pending.Chunk.CheckpointKey] = new Checkpoint(pending.Chunk.CheckpointKey, pending.Chunk.CheckpointAfter);
            entries.AddRange(pending.Chunk.Lines.Select(boots.Convert));
        }

        var checkpoints = new Checkpoint[positions.Count];
        positions.Values.CopyTo(checkpoints, 0);
        if (entries.Count == 0)
        {
            return spool.AppendCheckpoints(checkpoints);
        }

        var now = writer.Now;
        var output = new ArrayBufferWriter<byte>();
        new LogBatch(now.BootId, now.WallUnixMs, now.MonoMs, entries, boots.Earlier).Encode(output);
        if (output.WrittenCount > EpochSender.MaxPlaintextBytes)
        {
            // One chunk alone that does not compress: half a line is better than none.
            output.ResetWrittenCount();
            new LogBatch(now.BootId, now.WallUnixMs, now.MonoMs, [.. entries.Select(Shorten)], boots.Earlier).Encode(output);
        }

        return writer.TryAppend(StreamId.Logs, RecordType.Logs, output.WrittenSpan, checkpoints, durable: false, out _);

        LogEntry Shorten(LogEntry entry) =>
            entry.Body.Length <= EpochSender.MaxPlaintextBytes / (4 * entries.Count)
                ? entry
                : entry with { Body = entry.Body[..(EpochSender.MaxPlaintextBytes / (4 * entries.Count))] };
    }

    private sealed record PendingChunk(LogChunk Chunk, long Bytes)
    {
        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
