using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Telemetry;

/// <summary>
/// Log lines, column by column: [2, bootId, wallUnixMs | null, monoMs, [[bootId, wallUnixMs | null, monoMs]...], boots | null,
/// [[kind, name]...], times, severities, sources, [body...], [[k, v, ...]...] | null], in a compressed envelope. Version 1 has no boots
/// but the batch's, and Unix milliseconds as times. The specification has the bytes of the columns.
/// </summary>
/// <param name="BootId">The boot in which the batch was closed.</param>
/// <param name="WallUnixMs">The device's wall clock at <paramref name="MonoMs"/>, in Unix milliseconds; null if it has none that it would believe.</param>
/// <param name="MonoMs">When the batch was closed, in milliseconds since boot.</param>
/// <param name="Entries">The lines, in the order in which they were read. At most <see cref="MaxEntries"/>.</param>
/// <param name="EarlierBoots">
/// Boots that lines were written in before this one, each with the wall clock of its last line; at most <see cref="MaxEarlierBoots"/>. Null
/// in version 1, of which the lines say their own wall clock's time.
/// </param>
public sealed record LogBatch(BootId BootId, long? WallUnixMs, long MonoMs, IReadOnlyList<LogEntry> Entries, IReadOnlyList<BootTime>? EarlierBoots)
{
    /// <summary>The most earlier boots in a batch.</summary>
    public const int MaxEarlierBoots = 64;

    /// <summary>The most lines in a batch.</summary>
    public const int MaxEntries = 16_384;

    /// <summary>Writes the compressed form.</summary>
    /// <exception cref="ArgumentException">The batch is larger than the limits.</exception>
    public void Encode(IBufferWriter<byte> output)
    {
        var plain = new ArrayBufferWriter<byte>();
        LogBatchWriter.Write(this, plain);
        BatchEnvelope.Compress(plain.WrittenSpan, output);
    }

    /// <summary>Reads the compressed form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out LogBatch? batch)
    {
        batch = null;
        using var envelope = new BatchEnvelope();
        return envelope.TryOpen(data) && LogBatchReader.TryRead(envelope.Content, out batch);
    }
}
