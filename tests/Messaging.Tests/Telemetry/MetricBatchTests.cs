using System.Buffers;
using CsCheck;
using Messaging.Fuzz;
using Messaging.Telemetry;
using Messaging.Tests.Support;

namespace Messaging.Tests.Telemetry;

public sealed class MetricBatchTests
{
    private static readonly Gen<double> Values = Gen.OneOf(
        Gen.Double,
        Gen.Int.Select(static value => (double)value),
        Gen.Int[-100_000, 100_000].Select(static value => value / 100.0),
        Gen.Long[0, 1L << 53].Select(static value => (double)value),
        Gen.Long.Select(static bits => BitConverter.Int64BitsToDouble(bits)),
        Gen.OneOf(
            0.0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, double.MinValue, 0.1, 1e-9, 1e-10,
            9007199254740992, 9007199254740994, -9007199254740992, 1e300, Math.PI));

    private static readonly Gen<MetricSeries> Series =
        from name in Gens.Text
        from unit in Gens.Text
        from kind in Gen.Enum<MetricKind>()
        from attributes in Gens.Pairs
        from times in Gen.Long[0, 40].HashSet[1, 15]
        from values in Values.Array[15]
        select new MetricSeries(name, unit, kind, attributes, [.. times.Order().Zip(values, static (time, value) => new MetricPoint(1000 * time, value))]);

    private static readonly Gen<MetricBatch> Batches =
        from boot in Gens.Boot
        from wall in Gens.UnixMsOrNull
        from mono in Gens.UnixMs
        from series in Series.Array[0, 6]
        select new MetricBatch(boot, wall, mono, series);

    [Fact]
    public void TryDecode_AnyBatch_KeepsEveryBit() => Batches.Sample(static batch =>
    {
        Assert.True(MetricBatch.TryDecode(Samples.Encoded(batch.Encode), out var decoded));

        Assert.Equal((batch.BootId, batch.WallUnixMs, batch.MonoMs), (decoded.BootId, decoded.WallUnixMs, decoded.MonoMs));
        Assert.Equal(batch.Series.Count, decoded.Series.Count);
        foreach (var (before, after) in batch.Series.Zip(decoded.Series))
        {
            Assert.Equal((before.Name, before.Unit, before.Kind), (after.Name, after.Unit, after.Kind));
            Assert.Equal(before.Attributes, after.Attributes);
            Assert.Equal(before.Points.Select(Bits), after.Points.Select(Bits));
        }
    }, iter: 2000);

    [Fact]
    public void TryDecode_EveryTruncation_IsRefused()
    {
        Mutations.AssertStrictLength(Samples.Encoded(Samples.Metrics.Encode), static data => MetricBatch.TryDecode(data, out _));
        Mutations.AssertStrictLength(
            Messaging.Fuzz.Targets.Plain.Of(static output => MetricBatchWriter.Write(Samples.Metrics, output)), static data => MetricBatch.TryDecode(data, out _));
    }

    [Fact]
    public void WallUnixMsAt_PointBeforeTheBatchWasClosed_IsEarlier()
    {
        Assert.Equal(1_795_000_000_000 - 60_000, Samples.Metrics.WallUnixMsAt(30_000));
        Assert.Null((Samples.Metrics with { WallUnixMs = null }).WallUnixMsAt(30_000));
    }

    [Fact]
    public void Encode_CounterEveryTenSeconds_TakesAFewBytesAPoint()
    {
        var points = Enumerable.Range(0, 360).Select(static i => new MetricPoint(10_000 * i, 1_000_000_000 + (i * 1500))).ToArray();
        var batch = new MetricBatch(Samples.Boot(1), 1_795_000_000_000, 3_600_000, [new MetricSeries("io", "By", MetricKind.Counter, [], points)]);

        Assert.InRange(Samples.Encoded(batch.Encode).Length, 1, 200);
    }

    [Fact]
    public void Encode_PointsThatDoNotAscendOrNoPoints_Throws()
    {
        Assert.Throws<ArgumentException>(static () => Encode([new MetricPoint(2, 1), new MetricPoint(1, 1)]));
        Assert.Throws<ArgumentException>(static () => Encode([new MetricPoint(1, 1), new MetricPoint(1, 1)]));
        Assert.Throws<ArgumentException>(static () => Encode([]));

        static byte[] Encode(MetricPoint[] points) => Samples.Encoded(
            new MetricBatch(Samples.Boot(1), null, 5, [new MetricSeries("x", "1", MetricKind.Gauge, [], points)]).Encode);
    }

    [Theory]
    [InlineData(new double[] { 1, 2, 3 }, 0)]
    [InlineData(new double[] { 0.5 }, 1)]
    [InlineData(new double[] { 0.25, 1 }, 2)]
    [InlineData(new double[] { 1e-9 }, 9)]
    [InlineData(new double[] { 1e-10 }, 255)]
    [InlineData(new double[] { -0.0 }, 255)]
    [InlineData(new double[] { double.NaN }, 255)]
    [InlineData(new double[] { double.PositiveInfinity }, 255)]
    [InlineData(new double[] { 9007199254740992 }, 0)]
    [InlineData(new double[] { 9007199254740994 }, 255)]
    [InlineData(new double[] { 9007199254740992, -9007199254740992, 9007199254740992 }, 0)]
    public void ValueColumn_Write_TakesTheFirstExactEncoding(double[] values, int expected)
    {
        var output = new ArrayBufferWriter<byte>();

        Assert.Equal(expected, ValueColumn.Write(values, output));

        var read = new double[values.Length];
        Assert.True(ValueColumn.TryRead(expected, output.WrittenSpan, read));
        Assert.Equal(values.Select(BitConverter.DoubleToInt64Bits), read.Select(BitConverter.DoubleToInt64Bits));
    }

    [Theory]
    [InlineData(10, "02")]
    [InlineData(254, "02")]
    [InlineData(0, "")]
    [InlineData(0, "0202")]
    [InlineData(0, "8200")]
    [InlineData(0, "82")]
    [InlineData(0, "8280808080808020")]
    [InlineData(0, "ffffffffffffffffff02")]
    [InlineData(255, "0000000000000000ff")]
    [InlineData(255, "00000000000000")]
    public void ValueColumn_TryRead_NotAColumnOfOneValue_IsFalse(int encoding, string hex) =>
        Assert.False(ValueColumn.TryRead(encoding, Convert.FromHexString(hex), new double[1]));

    [Fact]
    public void VarInt_AnyNumber_HasOneForm() => Gen.Select(Gen.ULong, Gen.Int[0, 63]).Sample(static (wide, shift) =>
    {
        var value = wide >> shift;
        var output = new ArrayBufferWriter<byte>();
        VarInt.Write(output, value);
        var input = output.WrittenSpan;
        Assert.True(VarInt.TryRead(ref input, out var read));
        Assert.Equal(value, read);
        Assert.True(input.IsEmpty);
        Assert.Equal((long)value, VarInt.UnZigZag(VarInt.ZigZag((long)value)));

        // The same number with one more byte.
        if (output.WrittenCount < 10)
        {
            byte[] longer = [.. output.WrittenSpan, 0];
            longer[^2] |= 0x80;
            ReadOnlySpan<byte> overlong = longer;
            Assert.False(VarInt.TryRead(ref overlong, out _));
        }
    });

    private static (long Time, long Value) Bits(MetricPoint point) => (point.MonoMs, BitConverter.DoubleToInt64Bits(point.Value));
}
