using Messaging.Streams;
using Messaging.Telemetry;

namespace Messaging.Fuzz.Targets;

internal sealed class SeriesBatchTarget : IFuzzTarget
{
    public static string Name => "series-batch";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        var result = SeriesBatch.TryDecode(data, Samples.KnownSeries, out var batch, out var missing);
        Promise.Holds((batch is not null) == (result == SeriesBatchResult.Ok), "There is a batch exactly when it was read.");
        Promise.Holds((missing.Count > 0) == (result == SeriesBatchResult.UnknownSeries), "What is missing is named.");
        Promise.Holds(missing.All(static id => id < SeriesBatch.MaxKept && Samples.KnownSeries(id) is null), "Only what can be asked for is missing.");
        if (batch is null)
        {
            return;
        }

        Promise.Holds(
            SeriesBatch.TryDecode(Samples.Encoded(batch.Encode), Samples.KnownSeries, out var again, out _) == SeriesBatchResult.Ok,
            "What is accepted can be written and read.");
        Promise.Holds(Same(batch, again!), "Every bit of every value stays.");
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        Samples.Encoded(Samples.Series.Encode),
        Plain.Of(output => new SeriesBatchWriter().Write(Samples.Series, output)),
        Plain.Of(output => new SeriesBatchWriter().Write(Samples.Series with { Definitions = [], Columns = [Samples.Series.Columns[0]] }, output)),
        Plain.Of(output => new SeriesBatchWriter().Write(new SeriesBatch(Samples.Boot(0x21), null, 0, [], []), output)),
    ];

    private static bool Same(SeriesBatch left, SeriesBatch right) =>
        left.BootId == right.BootId && left.WallUnixMs == right.WallUnixMs && left.MonoMs == right.MonoMs
        && left.Definitions.SequenceEqual(right.Definitions)
        && left.Columns.Count == right.Columns.Count && left.Columns.Zip(right.Columns).All(static pair => Same(pair.First, pair.Second));

    private static bool Same(SeriesColumn left, SeriesColumn right) =>
        left.Id == right.Id && left.Definition == right.Definition && left.Points.Select(Bits).SequenceEqual(right.Points.Select(Bits));

    private static (long Mono, long Bits) Bits(MetricPoint point) => (point.MonoMs, BitConverter.DoubleToInt64Bits(point.Value));
}

internal sealed class SeriesDefinitionTarget : IFuzzTarget
{
    public static string Name => "series-definition";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (SeriesDefinition.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() => [Samples.KnownSeries(4)!.Encode(), Samples.KnownSeries(9)!.Encode()];
}

internal sealed class SeriesRequestTarget : IFuzzTarget
{
    public static string Name => "series-request";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (SeriesRequest.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() => [Samples.SeriesRequest.Encode()];
}

internal sealed class WatchTarget : IFuzzTarget
{
    public static string Name => "watch";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (Watch.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() => [new Watch(TimeSpan.FromSeconds(50)).Encode()];
}

internal sealed class SeriesAnswerTarget : IFuzzTarget
{
    public static string Name => "series-answer";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (SeriesAnswer.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() => [Samples.SeriesAnswer.Encode()];
}
