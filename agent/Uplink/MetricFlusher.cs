using System.Buffers;
using Messaging.Agent.Clock;
using Messaging.Agent.Collect.Scheduling;
using Messaging.Agent.Configuration;
using Messaging.Epochs;
using Messaging.Streams;
using Messaging.Telemetry;
using MetricSeries = Messaging.Telemetry.MetricSeries;

namespace Messaging.Agent.Uplink;

/// <summary>Turns the samples of some seconds into one record.</summary>
internal sealed class MetricFlusher(
    MetricAccumulator accumulator, UplinkWriter writer, IBootClock boot, AgentOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly SampleClock _clock = new(time);

    /// <summary>Runs until cancelled, then writes what is left.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(options.Uplink.MetricsFlush, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                Flush(durable: false);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Flush(durable: false);
        }
    }

    /// <summary>Writes what has been collected. What the disk refuses is lost, and leaves a gap.</summary>
    public void Flush(bool durable)
    {
        lock (_gate)
        {
            var series = new List<MetricSeries>();
            accumulator.Drain(one => series.Add(Copy(one)));
            if (series.Count > 0)
            {
                Write(series, durable);
            }
        }
    }

    private static MetricSeries Copy(Collect.Scheduling.MetricSeries series)
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

        return new MetricSeries(
            series.Metric.Name, series.Metric.Unit, (MetricKind)series.Metric.Kind, series.Attributes.Items, points);
    }

    private void Write(List<MetricSeries> series, bool durable)
    {
        var output = new ArrayBufferWriter<byte>(16 * 1024);
        new MetricBatch(boot.BootId, writer.WallUnixMs, _clock.MonotonicMs, series).Encode(output);
        if (output.WrittenCount > EpochSender.MaxPlaintextBytes && series.Count > 1)
        {
            Write(series[..(series.Count / 2)], durable);
            Write(series[(series.Count / 2)..], durable);
            return;
        }

        writer.TryAppend(StreamId.Metrics, RecordType.Metrics, output.WrittenSpan, [], durable, out _);
    }
}
