using System.Buffers;
using System.Formats.Cbor;
using CsCheck;
using Messaging.Wire;

namespace Messaging.Tests.Wire;

/// <summary>The strict codec against System.Formats.Cbor, which knows all of CBOR.</summary>
public sealed class CborPropertyTests
{
    private static readonly Gen<string> Texts = Gen.String.Where(static text => text.EnumerateRunes().All(static rune => rune.Value != 0xfffd));

    private static readonly Gen<object?> Leaves = Gen.OneOf(
        Gen.ULong.Select(static value => (object?)value),
        Gen.Int[0, 30].Select(static value => (object?)(ulong)value),
        Gen.Long[long.MinValue, -1].Select(static value => (object?)value),
        Gen.Byte.Array[0, 30].Select(static value => (object?)value),
        Texts.Select(static value => (object?)value),
        Gen.Bool.Select(static value => (object?)value),
        Gen.Const((object?)null));

    private static readonly Gen<object?> Items = Gen.Recursive<object?>(static (depth, self) =>
        depth > 5 ? Leaves : Gen.Frequency(
            (3, Leaves),
            (1, self.Array[0, 5].Select(static items => (object?)items)),
            (1, Gen.Select(Gen.Int[-24, 23].HashSet[0, 5], self.Array[5]).Select(static (keys, values) =>
                (object?)keys.Zip(values).ToDictionary(static pair => pair.First, static pair => pair.Second)))));

    [Fact]
    public void Write_AnyItem_ThePeerAcceptsAsCanonicalAndReadsTheSame() => Items.Sample(static item =>
    {
        var bytes = Write(item);
        foreach (var mode in (CborConformanceMode[])[CborConformanceMode.Canonical, CborConformanceMode.Ctap2Canonical, CborConformanceMode.Strict])
        {
            // CTAP2 allows four levels of nesting by its own rule, which is not about encoding.
            if (mode == CborConformanceMode.Ctap2Canonical && Depth(item) > 4)
            {
                continue;
            }

            var reader = new System.Formats.Cbor.CborReader(bytes, mode);
            AssertSame(item, reader);
            Assert.Equal(0, reader.BytesRemaining);
        }
    }, iter: 2000);

    [Fact]
    public void Read_WhatThePeerWrites_ReencodesIdentically() => Items.Sample(static item =>
    {
        var writer = new System.Formats.Cbor.CborWriter(CborConformanceMode.Canonical);
        WritePeer(item, writer);
        var bytes = writer.Encode();

        Assert.True(Messaging.Wire.CborReader.IsWellFormed(bytes));
        Assert.Equal(bytes, Copy(bytes));
    }, iter: 2000);

    [Fact]
    public void Read_AnyBytes_WhatIsAcceptedReencodesIdenticallyAndThePeerAcceptsIt() => Gen.Byte.Array[0, 24].Sample(static bytes =>
    {
        if (Messaging.Wire.CborReader.IsWellFormed(bytes))
        {
            Assert.Equal(bytes, Copy(bytes));
            var peer = new System.Formats.Cbor.CborReader(bytes, CborConformanceMode.Canonical);
            peer.SkipValue();
            Assert.Equal(0, peer.BytesRemaining);
        }
    }, iter: 200_000);

    [Fact]
    public void Read_EveryTruncationOfAnyItem_IsRefused() => Items.Sample(static item =>
    {
        var bytes = Write(item);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.False(Messaging.Wire.CborReader.IsWellFormed(bytes.AsSpan(0, length)));
        }
    }, iter: 500);

    private static byte[] Write(object? item)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new Messaging.Wire.CborWriter(output);
        Write(item, ref writer);
        Assert.Equal(output.WrittenCount, writer.Written);
        return output.WrittenSpan.ToArray();
    }

    private static void Write(object? item, ref Messaging.Wire.CborWriter writer)
    {
        switch (item)
        {
            case ulong value: writer.WriteUInt64(value); break;
            case long value: writer.WriteInt64(value); break;
            case byte[] value: writer.WriteBytes(value); break;
            case string value: writer.WriteText(value); break;
            case bool value: writer.WriteBoolean(value); break;
            case object?[] items:
                writer.WriteArrayHead(items.Length);
                foreach (var child in items)
                {
                    Write(child, ref writer);
                }

                break;
            case Dictionary<int, object?> map:
                writer.WriteMapHead(map.Count);
                foreach (var (key, value) in map.OrderBy(static pair => pair.Key < 0 ? 0x1f - pair.Key : pair.Key))
                {
                    writer.WriteInt64(key);
                    Write(value, ref writer);
                }

                break;
            default: writer.WriteNull(); break;
        }
    }

    private static byte[] Copy(byte[] bytes)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new Messaging.Wire.CborWriter(output);
        var reader = new Messaging.Wire.CborReader(bytes);
        Messaging.Fuzz.Targets.CborCopy.Item(ref reader, ref writer);
        Assert.True(reader.AtEnd);
        return output.WrittenSpan.ToArray();
    }

    private static void WritePeer(object? item, System.Formats.Cbor.CborWriter writer)
    {
        switch (item)
        {
            case ulong value: writer.WriteUInt64(value); break;
            case long value: writer.WriteInt64(value); break;
            case byte[] value: writer.WriteByteString(value); break;
            case string value: writer.WriteTextString(value); break;
            case bool value: writer.WriteBoolean(value); break;
            case object?[] items:
                writer.WriteStartArray(items.Length);
                foreach (var child in items)
                {
                    WritePeer(child, writer);
                }

                writer.WriteEndArray();
                break;
            case Dictionary<int, object?> map:
                writer.WriteStartMap(map.Count);
                foreach (var (key, value) in map)
                {
                    writer.WriteInt32(key);
                    WritePeer(value, writer);
                }

                writer.WriteEndMap();
                break;
            default: writer.WriteNull(); break;
        }
    }

    private static void AssertSame(object? item, System.Formats.Cbor.CborReader reader)
    {
        switch (item)
        {
            case ulong value: Assert.Equal(value, reader.ReadUInt64()); break;
            case long value: Assert.Equal(value, reader.ReadInt64()); break;
            case byte[] value: Assert.Equal(value, reader.ReadByteString()); break;
            case string value: Assert.Equal(value, reader.ReadTextString()); break;
            case bool value: Assert.Equal(value, reader.ReadBoolean()); break;
            case object?[] items:
                Assert.Equal(items.Length, reader.ReadStartArray());
                foreach (var child in items)
                {
                    AssertSame(child, reader);
                }

                reader.ReadEndArray();
                break;
            case Dictionary<int, object?> map:
                Assert.Equal(map.Count, reader.ReadStartMap());
                for (var i = 0; i < map.Count; i++)
                {
                    AssertSame(map[reader.ReadInt32()], reader);
                }

                reader.ReadEndMap();
                break;
            default: reader.ReadNull(); break;
        }
    }

    private static int Depth(object? item) => item switch
    {
        object?[] items => 1 + items.Select(Depth).DefaultIfEmpty().Max(),
        Dictionary<int, object?> map => 1 + map.Values.Select(Depth).DefaultIfEmpty().Max(),
        _ => 0,
    };
}
