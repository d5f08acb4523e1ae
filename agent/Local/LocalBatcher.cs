using System.Buffers;
using System.Text;
using System.Threading.Channels;
using Messaging.Agent.Clock;
using Messaging.Agent.Configuration;
using Messaging.Agent.Spool;
using Messaging.Agent.Uplink;
using Messaging.Epochs;
using Messaging.Streams;
using Messaging.Telemetry;
using MetricSeries = Messaging.Telemetry.MetricSeries;
using WireEvent = Messaging.Telemetry.DeviceEvent;

namespace Messaging.Agent.Local;

/// <summary>
/// Gathers what programs send and writes it as records, synced together. Whoever waits learns whether it is durable: nothing is confirmed before.
/// </summary>
internal sealed class LocalBatcher(UplinkWriter writer, SpoolStore spool, IBootClock boot, AgentOptions options, TimeProvider time)
{
    private const int MaxWaiting = 512;
    private const int MaxBatch = 256;

    /// <summary>With what comes after it, a record even if nothing of it can be compressed.</summary>
    private const int MaxBatchBytes = 48 * 1024;
    private const string Stopping = "the agent is stopping";
    private const string NotStored = "the device's disk refuses it; try again later";
    private readonly Channel<Pending> _waiting = Channel.CreateBounded<Pending>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    /// <summary>Takes one thing; waits while there is too much.</summary>
    /// <param name="request">A metric, an event or a log line.</param>
    /// <param name="sender">Recorded with it.</param>
    /// <param name="ct">Gives up handing it over.</param>
    /// <returns>A task whose result is null when it is durable, or else says why not.</returns>
    public async Task<Task<string?>> AddAsync(LocalRequest request, LocalSender sender, CancellationToken ct)
    {
        var pending = new Pending(request, sender, (long)boot.UptimeMs);
        try
        {
            await _waiting.Writer.WriteAsync(pending, ct);
        }
        catch (ChannelClosedException)
        {
            pending.Done.TrySetResult(Stopping);
        }

        return pending.Done.Task;
    }

    /// <summary>Runs until cancelled, then writes what is left.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(ct))
            {
                if (_waiting.Reader.Count < MaxBatch)
                {
                    await Task.Delay(options.Local.Flush, time, ct);
                }

                Flush();
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            _waiting.Writer.Complete();
            while (_waiting.Reader.Count > 0)
            {
                Flush();
            }
        }
    }

    /// <summary>Writes this at once, with these checkpoints in the same entry as its last record.</summary>
    /// <returns>Null when it is durable, or else why not.</returns>
    public string? Write(IReadOnlyList<LocalRequest> requests, LocalSender sender, Checkpoint checkpoint)
    {
        var mono = (long)boot.UptimeMs;
        return TryAppend([.. requests.Select(request => new Pending(request, sender, mono))], [checkpoint]) && spool.Sync() ? null : NotStored;
    }

    private void Flush()
    {
        var batch = new List<Pending>();
        for (var bytes = 0; batch.Count < MaxBatch && bytes < MaxBatchBytes && _waiting.Reader.TryRead(out var one); bytes += one.Bytes)
        {
            batch.Add(one);
        }

        // One answer for each stream: what is in the spool must not be asked for again because something else is not.
        var stored = new[]
        {
            batch.Where(one => one.Request is LocalRequest.Metric).ToList(),
            batch.Where(one => one.Request is LocalRequest.Event).ToList(),
            batch.Where(one => one.Request is LocalRequest.Log).ToList(),
        }.Where(part => part.Count > 0 && TryAppend(part, [])).SelectMany(part => part).ToHashSet();
        var isDurable = spool.Sync();
        foreach (var one in batch)
        {
            one.Done.TrySetResult(isDurable && stored.Contains(one) ? null : NotStored);
        }
    }

    private bool TryAppend(IReadOnlyList<Pending> batch, Checkpoint[] checkpoints)
    {
        var now = writer.Now;
        var records = new List<(uint Stream, uint Type, byte[] Content)>();
        var metrics = batch.Where(one => one.Request is LocalRequest.Metric).ToList();
        if (metrics.Count > 0)
        {
            records.Add((StreamId.Metrics, RecordType.Metrics, Encode(output =>
                new MetricBatch(now.BootId, now.WallUnixMs, now.MonoMs, Series(metrics)).Encode(output))));
        }

        var events = batch.Where(one => one.Request is LocalRequest.Event).ToList();
        if (events.Count > 0)
        {
            records.Add((StreamId.Events, RecordType.Event, Encode(output => new EventBatch(now, [.. events.Select(ToEvent)]).Encode(output))));
        }

        var logs = batch.Where(one => one.Request is LocalRequest.Log).ToList();
        if (logs.Count > 0)
        {
            records.Add((StreamId.Logs, RecordType.Logs, Encode(output =>
                new LogBatch(now.BootId, now.WallUnixMs, now.MonoMs, [.. logs.Select(ToLog)], []).Encode(output))));
        }

        if (!records.TrueForAll(record => record.Content.Length <= EpochSender.MaxPlaintextBytes))
        {
            return false;
        }

        for (var i = 0; i < records.Count; i++)
        {
            var (stream, type, content) = records[i];
            if (!writer.TryAppend(stream, type, content, i == records.Count - 1 ? checkpoints : [], durable: false, out _))
            {
                return false;
            }
        }

        return true;
    }

    private static byte[] Encode(Action<ArrayBufferWriter<byte>> encode)
    {
        var output = new ArrayBufferWriter<byte>();
        encode(output);
        return output.WrittenSpan.ToArray();
    }

    private static List<MetricSeries> Series(List<Pending> metrics)
    {
        var series = new List<MetricSeries>();
        foreach (var group in metrics.GroupBy(one => one.SeriesKey, StringComparer.Ordinal))
        {
            var first = (LocalRequest.Metric)group.First().Request;
            var points = new List<MetricPoint>();
            foreach (var one in group)
            {
                // Times of a series ascend strictly: two values of the same millisecond are told apart by one.
                var at = points.Count > 0 ? Math.Max(one.MonotonicMs, points[^1].MonoMs + 1) : one.MonotonicMs;
                points.Add(new MetricPoint(at, ((LocalRequest.Metric)one.Request).Value));
            }

            series.Add(new MetricSeries(
                first.Definition.Name, first.Definition.Unit, (MetricKind)first.Definition.Kind, [.. first.Attributes, group.First().Sender.User], points));
        }

        return series;
    }

    private static WireEvent ToEvent(Pending one) =>
        one.Request is LocalRequest.Event happened
            ? new WireEvent(one.MonotonicMs, happened.Name, happened.Severity, [.. happened.Attributes, one.Sender.User, one.Sender.Process])
            : throw new InvalidOperationException("not an event");

    private static LogEntry ToLog(Pending one) =>
        one.Request is LocalRequest.Log line
            ? new LogEntry(one.MonotonicMs, line.Severity, new LogSource(LogSourceKind.Journal, line.Source), line.Body, [.. line.Attributes, one.Sender.User, one.Sender.Process])
            : throw new InvalidOperationException("not a log line");

    private sealed record Pending(LocalRequest Request, LocalSender Sender, long MonotonicMs)
    {
        public TaskCompletionSource<string?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Bytes => 64 + Request switch
        {
            LocalRequest.Log log => Encoding.UTF8.GetByteCount(log.Body) + Length(log.Attributes),
            LocalRequest.Event happened => happened.Name.Length + Length(happened.Attributes),
            LocalRequest.Metric metric => metric.Definition.Name.Length + Length(metric.Attributes),
            _ => 0,
        };

        public string SeriesKey
        {
            get
            {
                if (Request is not LocalRequest.Metric metric)
                {
                    return "";
                }

                var attributes = new List<string>(metric.Attributes.Count);
                foreach (var (key, value) in metric.Attributes)
                {
                    attributes.Add(key + '\0' + value);
                }

                attributes.Sort(StringComparer.Ordinal);
                return string.Join('\0', [metric.Definition.Name, metric.Definition.Unit, metric.Definition.Kind.ToString(), Sender.User.Value, .. attributes]);
            }
        }

        private static int Length(IReadOnlyList<KeyValuePair<string, string>> attributes)
        {
            var bytes = 0;
            foreach (var (key, value) in attributes)
            {
                bytes += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value);
            }

            return bytes;
        }
    }
}
