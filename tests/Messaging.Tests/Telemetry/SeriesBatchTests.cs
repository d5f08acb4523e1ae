using CsCheck;
using Messaging.Fuzz;
using Messaging.Fuzz.Targets;
using Messaging.Telemetry;
using Messaging.Tests.Support;

namespace Messaging.Tests.Telemetry;

public sealed class SeriesBatchTests
{
    private static readonly Gen<double> Values = Gen.OneOf(
        Gen.Double,
        Gen.Int.Select(static value => (double)value),
        Gen.Int[-100_000, 100_000].Select(static value => value / 100.0),
        Gen.Long[0, 1L << 53].Select(static value => (double)value),
        Gen.Int[0, 1 << 20].Select(static value => value * 4096.0),
        Gen.Long.Select(static bits => BitConverter.Int64BitsToDouble(bits)),
        Gen.OneOf(
            0.0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, double.MinValue, 0.1, 1e-9, 1e-10,
            9007199254740992, 9007199254740994, -9007199254740992, 1e300, Math.PI));

    private static readonly Gen<SeriesDefinition> Definitions =
        from name in Gens.Text
        from unit in Gens.Text
        from kind in Gen.Enum<MetricKind>()
        from attributes in Gens.Pairs
        from scale in Gen.Int[0, SeriesDefinition.MaxScale]
        select new SeriesDefinition(name, unit, kind, attributes, scale);

    private static readonly Gen<MetricPoint[]> Points =
        from times in Gen.Long[0, 40].HashSet[1, 15]
        from values in Values.Array[15]
        select times.Order().Zip(values, static (time, value) => new MetricPoint(1000 * time, value)).ToArray();

    private static readonly Gen<SeriesBatch> Batches =
        from boot in Gens.Boot
        from hasBoot in Gen.Bool
        from wall in Gens.UnixMsOrNull
        from mono in Gens.UnixMs
        from ids in Gen.OneOf(Gen.UInt[0, 12], Gen.UInt[0, SeriesBatch.MaxIds - 1]).HashSet[0, 8]
        from series in Gen.Select(Definitions, Points).Array[8]
        select Batch(hasBoot ? boot : null, wall, mono, [.. ids.Order().Zip(series, static (id, one) => new SeriesColumn(id, one.Item1, one.Item2))]);

    [Fact]
    public void TryDecode_AnyBatch_KeepsEveryBit() => Batches.Sample(
        static batch =>
        {
            Assert.Equal(SeriesBatchResult.Ok, SeriesBatch.TryDecode(Samples.Encoded(batch.Encode), static _ => null, out var decoded, out var missing));

            Assert.Empty(missing);
            Assert.Equal((batch.BootId, batch.WallUnixMs, batch.MonoMs), (decoded!.BootId, decoded.WallUnixMs, decoded.MonoMs));
            Assert.Equal(batch.Definitions, decoded.Definitions);
            Assert.Equal(batch.Columns.Select(static column => (column.Id, column.Definition)), decoded.Columns.Select(static column => (column.Id, column.Definition)));
            Assert.Equal(batch.Columns.SelectMany(static column => column.Points).Select(Bits), decoded.Columns.SelectMany(static column => column.Points).Select(Bits));
        },
        iter: 2000);

    [Fact]
    public void RangeCoder_AnyNumbers_GivesThemBack() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 63]).Select(static (wide, shift) => Math.Min(wide >> shift, ulong.MaxValue - 1)).Array[0, 300].Sample(
            static numbers =>
            {
                var encoder = new RangeEncoder();
                var model = new NumberModel();
                encoder.Begin();
                foreach (var number in numbers)
                {
                    encoder.Number(model, number);
                    encoder.Direct(number, 64);
                }

                var bytes = encoder.Finish().ToArray();
                var decoder = new RangeDecoder(bytes);
                var again = new NumberModel();
                foreach (var number in numbers)
                {
                    Assert.True(decoder.TryNumber(again, out var read));
                    Assert.Equal((number, number), (read, decoder.Direct(64)));
                }

                Assert.True(decoder.AtEnd);
            },
            iter: 2000);

    [Fact]
    public void Encode_AConstant_CostsNextToNothing()
    {
        var encoder = new RangeEncoder();
        var model = new NumberModel();
        encoder.Begin();
        for (var i = 0; i < 10_000; i++)
        {
            encoder.Number(model, 0);
        }

        Assert.InRange(encoder.Finish().Length, 0, 20);
    }

    [Fact]
    public void TryDecode_EveryTruncation_IsRefused() => Mutations.AssertStrictLength(
        Plain.Of(static output => new SeriesBatchWriter().Write(Samples.Series, output)),
        static data => SeriesBatch.TryDecode(data, Samples.KnownSeries, out _, out _) == SeriesBatchResult.Ok);

    [Fact]
    public void TryDecode_NumbersThatNobodyKnows_AreNamed()
    {
        var data = Samples.Encoded(Samples.Series.Encode);

        Assert.Equal(SeriesBatchResult.UnknownSeries, SeriesBatch.TryDecode(data, static _ => null, out var batch, out var missing));
        Assert.Null(batch);
        Assert.Equal([4U, 9U], missing);
    }

    [Fact]
    public void TryDecode_ANumberWithAnotherMeaning_IsRefused()
    {
        var data = Samples.Encoded(Samples.Series.Encode);
        var other = Samples.Series.Definitions[0].Definition with { Unit = "other" };

        Assert.Equal(
            SeriesBatchResult.Redefined,
            SeriesBatch.TryDecode(data, id => id == Samples.Series.Definitions[0].Id ? other : Samples.KnownSeries(id), out _, out _));
        Assert.Equal(
            SeriesBatchResult.Ok,
            SeriesBatch.TryDecode(data, id => id == Samples.Series.Definitions[0].Id ? Samples.Series.Definitions[0].Definition : Samples.KnownSeries(id), out _, out _));
    }

    [Fact]
    public void TryDecode_ADefinitionTwice_IsRefused() => AssertRefused(Samples.Series with { Definitions = [.. Samples.Series.Definitions, Samples.Series.Definitions[0]] });

    [Fact]
    public void TryDecode_ADefinitionThatIsTooLargeToKeep_IsRefused()
    {
        var large = new SeriesDefinition("x", "1", MetricKind.Gauge, [new("k", new string('v', SeriesBatch.MaxKeptBytes))], 0);
        AssertRefused(Batch(null, null, 5, [new SeriesColumn(1, large, [new MetricPoint(1, 1)])]));

        var data = Samples.Encoded(Batch(null, null, 5, [new SeriesColumn(SeriesBatch.MaxKept, large, [new MetricPoint(1, 1)])]).Encode);
        Assert.Equal(SeriesBatchResult.Ok, SeriesBatch.TryDecode(data, static _ => null, out _, out _));
    }

    [Fact]
    public void TryDecode_FewBytesThatStandForMuch_TakesBoundedTimeAndMemory()
    {
        // The most that zeros can say, and any other bytes: everything is bounded by the limits of a batch, whatever the columns claim.
        for (var first = 0; first < 256; first++)
        {
            byte[] data = [0, 0x86, 2, 0xf6, 0xf6, 5, 0x80, 0x48, (byte)first, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1];
            Assert.NotEqual(SeriesBatchResult.Redefined, SeriesBatch.TryDecode(data, static _ => Samples.Series.Definitions[0].Definition, out var batch, out _));
            Assert.True((batch?.Columns.Sum(static column => column.Points.Count) ?? 0) <= MetricBatch.MaxPoints);
        }
    }

    [Fact]
    public void Encode_WhatDoesNotAscendOrIsEmpty_Throws()
    {
        var definition = Samples.Series.Definitions[0].Definition;
        Assert.Throws<ArgumentException>(() => Encode(new SeriesColumn(1, definition, [])));
        Assert.Throws<ArgumentException>(() => Encode(new SeriesColumn(1, definition, [new MetricPoint(2, 1), new MetricPoint(2, 1)])));
        Assert.Throws<ArgumentException>(() => Encode(new SeriesColumn(1, definition, [new MetricPoint(2, 1)]), new SeriesColumn(1, definition, [new MetricPoint(2, 1)])));
        Assert.Throws<ArgumentException>(() => Encode(new SeriesColumn(SeriesBatch.MaxIds, definition, [new MetricPoint(2, 1)])));

        static void Encode(params SeriesColumn[] columns) => Samples.Encoded(new SeriesBatch(null, null, 5, [], columns).Encode);
    }

    [Theory]
    [InlineData(0, 5, 5.0)]
    [InlineData(2, 125, 1.25)]
    [InlineData(9, 1, 1e-9)]
    [InlineData(11, 3, 6.0)]
    [InlineData(20, 3, 3072.0)]
    [InlineData(62, -1, -4503599627370496.0)]
    public void ValueScale_Value_IsTheQuotientOrTheMultiple(int scale, long number, double value)
    {
        Assert.Equal(value, ValueScale.Value(number, scale));
        Assert.True(ValueScale.TryInteger(value, scale, out var back));
        Assert.Equal(number, back);
    }

    private static void AssertRefused(SeriesBatch batch) =>
        Assert.Equal(SeriesBatchResult.Malformed, SeriesBatch.TryDecode(Samples.Encoded(batch.Encode), Samples.KnownSeries, out _, out _));

    private static SeriesBatch Batch(Messaging.Wire.BootId? boot, long? wall, long mono, SeriesColumn[] columns) =>
        new(boot, wall, mono, [.. columns.Select(static column => new SeriesEntry(column.Id, column.Definition, null))], columns);

    private static (long Time, long Value) Bits(MetricPoint point) => (point.MonoMs, BitConverter.DoubleToInt64Bits(point.Value));
}
