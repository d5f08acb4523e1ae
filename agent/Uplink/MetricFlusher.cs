using System.Buffers;
using System.Buffers.Binary;
using Messaging.Agent.Collect.Scheduling;
using Messaging.Agent.Hosting;
using Messaging.Agent.Spool;
using Messaging.Agent.Transport.Metering;
using Messaging.Epochs;
using Messaging.Streams;
using Messaging.Telemetry;
using Microsoft.Extensions.Logging;
using MetricSeries = Messaging.Telemetry.MetricSeries;

namespace Messaging.Agent.Uplink;

/// <summary>
/// Turns the samples of some seconds into one record. Those that wait are on disk too, a second after they were taken: an agent that is
/// killed seals them at its next start, exactly once, because a record carries the number that its samples were saved under.
/// </summary>
internal sealed partial class MetricFlusher(
    MetricAccumulator accumulator,
    UplinkWriter writer,
    SpoolStore spool,
    UnsealedSamples unsealed,
    SeriesNumbers numbers,
    LinkCost link,
    TimeProvider time,
    ILogger<MetricFlusher> logger)
{
    private const string CheckpointKey = "samples";
    private const int SavesPerFlush = 30;
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly Signal _paceChanged = new();
    private (long At, TimeSpan For)? _watched;
    private ulong _number = 1;
    private int _saved;
    private bool _saveFailed;

    /// <summary>Runs until cancelled, then writes what is left.</summary>
    public async Task RunAsync(CancellationToken ct, LoopBeat? beat = null)
    {
        Recover();
        var saving = SaveAsync(ct);
        var flushedAt = time.GetTimestamp();
        link.Changed += _paceChanged.Set;
        try
        {
            while (true)
            {
                for (var left = FlushInterval; left > TimeSpan.Zero; left = FlushInterval - time.GetElapsedTime(flushedAt))
                {
                    beat?.IdleFor(left);
                    await _paceChanged.WaitAsync(left, time, ct);
                }

                beat?.Busy();
                flushedAt = time.GetTimestamp();
                Flush(durable: false);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await saving;
            Flush(durable: false);
        }
        finally
        {
            link.Changed -= _paceChanged.Set;
        }
    }

    /// <summary>Somebody looks at the measurements: for a while they are sent soon.</summary>
    public void Watch(TimeSpan duration)
    {
        lock (_gate)
        {
            _watched = (time.GetTimestamp(), duration);
        }

        _paceChanged.Set();
    }

    private TimeSpan FlushInterval
    {
        get
        {
            lock (_gate)
            {
                return _watched is { } since && time.GetElapsedTime(since.At) < since.For ? link.MetricsFlushWatched : link.MetricsFlush;
            }
        }
    }

    /// <summary>Writes what has been collected. What the disk refuses is lost, and leaves a gap.</summary>
    public void Flush(bool durable)
    {
        lock (_gate)
        {
            var series = new List<MeasuredSeries>();
            accumulator.Drain(one => series.Add(Copy(one)));
            if (series.Count == 0)
            {
                return;
            }

            _saved = 0;
            if (MostBytes(series) <= EpochSender.MaxPlaintextBytes)
            {
                Write(series, durable);
            }
            else
            {
                Write(Encode(series), durable);
            }
        }
    }

    /// <summary>What a run that was killed had collected and not sealed.</summary>
    private void Recover()
    {
        var sealedThrough = spool.Checkpoints(CheckpointKey) is [{ Value.Length: sizeof(ulong) } checkpoint]
            ? BinaryPrimitives.ReadUInt64LittleEndian(checkpoint.Value.Span)
            : 0;
        try
        {
            var left = unsealed.Load();
            _number = Math.Max(sealedThrough, left is null ? 0 : left.Value.Number + (ulong)left.Value.Batches.Count - 1) + 1;
            for (var i = 0; i < left?.Batches.Count; i++)
            {
                var (number, batch) = (left.Value.Number + (ulong)i, left.Value.Batches[i]);
                if (number > sealedThrough && batch.Length <= EpochSender.MaxPlaintextBytes && Append(batch, number, durable: false))
                {
                    Log.Recovered(logger, batch.Length);
                }
            }
        }
        catch (IOException e)
        {
            _number = sealedThrough + 1;
            Log.NotSaved(logger, e.Message);
        }
    }

    private async Task SaveAsync(CancellationToken ct)
    {
        if (link.MetricsFlush <= SaveInterval)
        {
            return;
        }

        using var timer = new PeriodicTimer(SaveTime(), time);
        void Pace() => timer.Period = SaveTime();
        link.Changed += Pace;
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                Save();
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // What is left is flushed now.
        }
        finally
        {
            link.Changed -= Pace;
        }
    }

    /// <summary>What waits because the link is metered is written less often, so that the card does not pay for what the link saves.</summary>
    private TimeSpan SaveTime() => link.IsMetered && link.MetricsFlush / SavesPerFlush is var longer && longer > SaveInterval ? longer : SaveInterval;

    /// <summary>Keeps what waits for the case that this process is killed.</summary>
    public void Save()
    {
        lock (_gate)
        {
            var count = accumulator.Count;
            if (count == 0 || count == _saved)
            {
                return;
            }

            var series = new List<MeasuredSeries>();
            accumulator.Peek(one => series.Add(Copy(one)));
            var batches = Encode(series);
            if (batches.Count > 1)
            {
                // More than a record holds: there is nothing to wait for.
                Flush(durable: false);
                return;
            }

            Save(batches);
            _saved = count;
        }
    }

    private void Save(List<byte[]> batches)
    {
        try
        {
            unsealed.Save(_number, batches);
            _saveFailed = false;
        }
        catch (IOException e)
        {
            if (!_saveFailed)
            {
                Log.NotSaved(logger, e.Message);
            }

            _saveFailed = true;
        }
    }

    private static MeasuredSeries Copy(Collect.Scheduling.MetricSeries series)
    {
        var points = new List<MetricPoint>(series.Values.Count);
        for (var i = 0; i < series.Values.Count; i++)
        {
            // Collected twice within a millisecond: the later one counts.
            if (points.Count > 0 && points[^1].MonoMs >= series.Times[i])
            {
                points[^1] = new MetricPoint(points[^1].MonoMs, series.Values[i]);
            }
            else
            {
                points.Add(new MetricPoint(series.Times[i], series.Values[i]));
            }
        }

        return new MeasuredSeries(new SeriesKey(series.Metric, series.Attributes), points);
    }

    /// <summary>More than these series can come to with all their definitions.</summary>
    private static long MostBytes(List<MeasuredSeries> series)
    {
        const int Fixed = 64, BytesOfPoint = 20, BytesOfCharacter = 3;
        long bytes = Fixed;
        foreach (var (key, points) in series)
        {
            long characters = key.Metric.Name.Length + key.Metric.Unit.Length;
            foreach (var (name, value) in key.Attributes.AsSpan())
            {
                characters += name.Length + value.Length;
            }

            bytes += Fixed + (characters * BytesOfCharacter) + (points.Count * (long)BytesOfPoint);
        }

        return bytes;
    }

    /// <summary>One record, of series by their numbers.</summary>
    private void Write(List<MeasuredSeries> series, bool durable)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        var appended = writer.TryAppend(
            StreamId.Metrics,
            RecordType.Metrics,
            epoch =>
            {
                var now = writer.Now;
                numbers.Compose(epoch, now.WallUnixMs, now.MonoMs, series).Encode(output);
                return output.WrittenMemory;
            },
            [Sealed(_number++)],
            durable,
            out var record);
        if (appended)
        {
            numbers.Sent(record);
        }
    }

    /// <summary>Batches that need nothing but themselves, for another process or where there is much. Each fits in a record.</summary>
    private List<byte[]> Encode(List<MeasuredSeries> series)
    {
        var now = writer.Now;
        var output = new ArrayBufferWriter<byte>(16 * 1024);
        var whole = series.ConvertAll(one => new MetricSeries(
            one.Key.Metric.Name, one.Key.Metric.Unit, (MetricKind)one.Key.Metric.Kind, one.Key.Attributes.Items, one.Points));
        new MetricBatch(now.BootId, now.WallUnixMs, now.MonoMs, whole).Encode(output);
        return output.WrittenCount <= EpochSender.MaxPlaintextBytes || series.Count == 1
            ? [output.WrittenSpan.ToArray()]
            : [.. Encode(series[..(series.Count / 2)]), .. Encode(series[(series.Count / 2)..])];
    }

    private void Write(List<byte[]> batches, bool durable)
    {
        if (batches.Count > 1)
        {
            // One record after the other: whatever ends the process in between, the rest is found under the numbers that are not sealed yet.
            Save(batches);
        }

        foreach (var batch in batches)
        {
            Append(batch, _number++, durable);
        }
    }

    private bool Append(ReadOnlySpan<byte> batch, ulong number, bool durable) =>
        writer.TryAppend(StreamId.Metrics, RecordType.Metrics, batch, [Sealed(number)], durable, out _);

    private static Checkpoint Sealed(ulong number)
    {
        var value = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(value, number);
        return new Checkpoint(CheckpointKey, value);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 3015, Level = LogLevel.Information, Message = "Sealed the samples of the run before: {Bytes} bytes")]
        public static partial void Recovered(ILogger logger, int bytes);

        [LoggerMessage(EventId = 3016, Level = LogLevel.Warning, Message = "Samples that wait are not saved, and lost if the agent is killed: {Reason}")]
        public static partial void NotSaved(ILogger logger, string reason);
    }
}
