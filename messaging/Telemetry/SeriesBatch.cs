using System.Buffers;
using Messaging.Wire;

namespace Messaging.Telemetry;

/// <summary>
/// Measurements of one boot, of series that are named by numbers: [2, bootId | null, wallUnixMs | null, monoMs, [definition...], columns], in an
/// envelope. A number means the same in all batches of an epoch; its definition need not be repeated once the reader is known to have it.
/// </summary>
/// <param name="BootId">The boot that the times count from; null for that of the epoch.</param>
/// <param name="WallUnixMs">The device's wall clock at <paramref name="MonoMs"/>, in Unix milliseconds; null if it has none that it would believe.</param>
/// <param name="MonoMs">When the batch was closed, in milliseconds since boot.</param>
/// <param name="Definitions">Those that are in the batch.</param>
/// <param name="Columns">The series, numbers ascending.</param>
public sealed record SeriesBatch(
    BootId? BootId, long? WallUnixMs, long MonoMs, IReadOnlyList<SeriesEntry> Definitions, IReadOnlyList<SeriesColumn> Columns)
{
    /// <summary>Numbers below this are an epoch's; the others mean something in their own batch only.</summary>
    public const uint MaxKept = 65_536;

    /// <summary>All numbers are below this.</summary>
    public const uint MaxIds = MaxKept + MetricBatch.MaxSeries;

    /// <summary>The most bytes, encoded, of a definition that is kept for an epoch.</summary>
    public const int MaxKeptBytes = 1024;

    /// <summary>The wall clock's time of a point, in Unix milliseconds; null if the device knew none.</summary>
    public long? WallUnixMsAt(long monoMs) => WallUnixMs - (MonoMs - monoMs);

    /// <summary>Writes the form that is sent.</summary>
    /// <exception cref="ArgumentException">The batch is larger than the limits, or something in it does not ascend.</exception>
    public void Encode(IBufferWriter<byte> output)
    {
        var plain = new ArrayBufferWriter<byte>(1024);
        new SeriesBatchWriter().Write(this, plain);

        // Columns are as small as they get; names are not.
        if (Definitions.Count > 0)
        {
            BatchEnvelope.Compress(plain.WrittenSpan, output);
        }
        else
        {
            BatchEnvelope.Store(plain.WrittenSpan, output);
        }
    }

    /// <summary>Reads the form that is sent.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="known">Gives the definition of a number that the epoch has, or null.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="missing">With <see cref="SeriesBatchResult.UnknownSeries"/>, the numbers of which there is no definition.</param>
    public static SeriesBatchResult TryDecode(
        ReadOnlySpan<byte> data, Func<uint, SeriesDefinition?> known, out SeriesBatch? batch, out IReadOnlyList<uint> missing)
    {
        ArgumentNullException.ThrowIfNull(known);
        (batch, missing) = (null, []);
        using var envelope = new BatchEnvelope();
        return envelope.TryOpen(data) ? new SeriesBatchReader(known).Read(envelope.Content, out batch, out missing) : SeriesBatchResult.Malformed;
    }
}
