using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Telemetry;

/// <summary>
/// Measurements of one boot, column by column: [1, bootId, wallUnixMs | null, monoMs, times, [[name, unit, kind, [k, v, ...], encoding,
/// presence | null, values]...]], in a compressed envelope. The specification has the bytes of the columns.
/// </summary>
/// <param name="BootId">The boot that the times count from.</param>
/// <param name="WallUnixMs">The device's wall clock at <paramref name="MonoMs"/>, in Unix milliseconds; null if it has none that it would believe.</param>
/// <param name="MonoMs">When the batch was closed, in milliseconds since boot.</param>
/// <param name="Series">The series.</param>
public sealed record MetricBatch(BootId BootId, long? WallUnixMs, long MonoMs, IReadOnlyList<MetricSeries> Series)
{
    /// <summary>The most series in a batch.</summary>
    public const int MaxSeries = 8192;

    /// <summary>The most different times in a batch.</summary>
    public const int MaxTimes = 65_536;

    /// <summary>The most points in a batch, over all series.</summary>
    public const int MaxPoints = 262_144;

    /// <summary>The wall clock's time of a point, in Unix milliseconds; null if the device knew none.</summary>
    public long? WallUnixMsAt(long monoMs) => WallUnixMs - (MonoMs - monoMs);

    /// <summary>Writes the compressed form.</summary>
    /// <exception cref="ArgumentException">The batch is larger than the limits, or a series' times do not ascend.</exception>
    public void Encode(IBufferWriter<byte> output)
    {
        var plain = new ArrayBufferWriter<byte>();
        MetricBatchWriter.Write(this, plain);
        BatchEnvelope.Compress(plain.WrittenSpan, output);
    }

    /// <summary>Reads the compressed form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out MetricBatch? batch)
    {
        batch = null;
        using var envelope = new BatchEnvelope();
        return envelope.TryOpen(data) && MetricBatchReader.TryRead(envelope.Content, out batch);
    }
}
