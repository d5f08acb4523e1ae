using Messaging.Telemetry;

namespace Messaging.Fuzz.Targets;

internal sealed class MetricBatchTarget : IFuzzTarget
{
    public static string Name => "metric-batch";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (!MetricBatch.TryDecode(data, out var batch))
        {
            return;
        }

        Promise.Holds(MetricBatch.TryDecode(Samples.Encoded(batch.Encode), out var again), "What is accepted can be written and read.");
        Promise.Holds(Same(batch, again!), "Every bit of every value stays.");
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        Samples.Encoded(Samples.Metrics.Encode),
        Samples.Encoded((Samples.Metrics with { WallUnixMs = null, Series = [Samples.Metrics.Series[0]] }).Encode),
        Plain.Of(output => MetricBatchWriter.Write(Samples.Metrics, output)),
    ];

    private static bool Same(MetricBatch left, MetricBatch right) =>
        left.BootId == right.BootId && left.WallUnixMs == right.WallUnixMs && left.MonoMs == right.MonoMs
        && left.Series.Zip(right.Series).All(static pair => Same(pair.First, pair.Second)) && left.Series.Count == right.Series.Count;

    private static bool Same(MetricSeries left, MetricSeries right) =>
        left.Name == right.Name && left.Unit == right.Unit && left.Kind == right.Kind && left.Attributes.SequenceEqual(right.Attributes)
        && left.Points.Select(Bits).SequenceEqual(right.Points.Select(Bits));

    private static (long Mono, long Bits) Bits(MetricPoint point) => (point.MonoMs, BitConverter.DoubleToInt64Bits(point.Value));
}

internal sealed class LogBatchTarget : IFuzzTarget
{
    public static string Name => "log-batch";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (!LogBatch.TryDecode(data, out var batch))
        {
            return;
        }

        Promise.Holds(LogBatch.TryDecode(Samples.Encoded(batch.Encode), out var again), "What is accepted can be written and read.");
        Promise.Holds(
            batch.BootId == again!.BootId && batch.WallUnixMs == again.WallUnixMs && batch.MonoMs == again.MonoMs
            && (batch.EarlierBoots?.SequenceEqual(again.EarlierBoots!) ?? again.EarlierBoots is null)
            && batch.Entries.Count == again.Entries.Count && batch.Entries.Zip(again.Entries).All(static pair => Same(pair.First, pair.Second)),
            "Every line stays.");
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        Samples.Encoded(Samples.Logs.Encode),
        Samples.Encoded((Samples.Logs with { Entries = [] }).Encode),
        Samples.Encoded(Samples.DatedLogs.Encode),
        Plain.Of(output => LogBatchWriter.Write(Samples.Logs, output)),
    ];

    private static bool Same(LogEntry left, LogEntry right) =>
        left.Ms == right.Ms && left.Boot == right.Boot && left.Severity == right.Severity && left.Source == right.Source && left.Body == right.Body
        && left.Attributes.SequenceEqual(right.Attributes);
}

internal sealed class EventBatchTarget : IFuzzTarget
{
    public static string Name => "event-batch";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (EventBatch.TryDecode(data, out var batch))
        {
            Promise.Holds(EventBatch.TryDecode(Samples.Encoded(batch.Encode), out var again), "What is accepted can be written and read.");
            Promise.Holds(
                batch.Closed == again!.Closed && batch.Events.Count == again.Events.Count
                && batch.Events.Zip(again.Events).All(static pair =>
                    pair.First.Ms == pair.Second.Ms && pair.First.Name == pair.Second.Name && pair.First.Severity == pair.Second.Severity
                    && pair.First.Attributes.SequenceEqual(pair.Second.Attributes)),
                "Every event stays.");
        }
    }

    public static IEnumerable<byte[]> Seeds() => [Samples.Encoded(Samples.Events.Encode), Samples.Encoded(Samples.DatedEvents.Encode), Samples.Encoded(new EventBatch(null, [new DeviceEvent(1, "x", 0, [])]).Encode)];
}

internal sealed class DeviceInfoTarget : IFuzzTarget
{
    public static string Name => "device-info";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (DeviceInfo.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() => [Samples.Info.Encode()];
}
