using System.Formats.Cbor;
using BenchmarkDotNet.Attributes;

namespace Messaging.Bench.Cbor;

/// <summary>Reads one array of integers, byte strings and texts with the profile's strict reader, and with the BCL's in canonical mode.</summary>
[MemoryDiagnoser]
public class CborBenchmarks
{
    private const int Items = 64;
    private byte[] _encoded = [];

    [GlobalSetup]
    public void Setup()
    {
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartArray(Items * 3);
        for (var i = 0; i < Items; i++)
        {
            writer.WriteUInt64((ulong)i * 1_000_003);
            writer.WriteByteString(new byte[16]);
            writer.WriteTextString("system.cpu.utilization");
        }

        writer.WriteEndArray();
        _encoded = writer.Encode();
    }

    [Benchmark(Baseline = true)]
    public ulong Strict()
    {
        var reader = new Messaging.Wire.CborReader(_encoded);
        var sum = 0UL;
        if (!reader.TryReadArrayHead(out var count))
        {
            return 0;
        }

        for (var i = 0; i < count; i += 3)
        {
            if (!reader.TryReadUInt64(out var value) || !reader.TryReadBytes(out var bytes) || !reader.TryReadUtf8(out var text, 256))
            {
                return 0;
            }

            sum += value + (ulong)bytes.Length + (ulong)text.Length;
        }

        return sum;
    }

    [Benchmark]
    public ulong SystemFormatsCbor()
    {
        var reader = new CborReader(_encoded, CborConformanceMode.Canonical);
        var sum = 0UL;
        var count = reader.ReadStartArray();
        for (var i = 0; i < count; i += 3)
        {
            sum += reader.ReadUInt64() + (ulong)reader.ReadByteString().Length + (ulong)reader.ReadTextString().Length;
        }

        reader.ReadEndArray();
        return sum;
    }
}
