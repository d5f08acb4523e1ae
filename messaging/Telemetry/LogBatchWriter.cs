using System.Buffers;
using Messaging.Wire;

namespace Messaging.Telemetry;

/// <summary>Writes what <see cref="LogBatchReader"/> reads.</summary>
internal static class LogBatchWriter
{
    public static void Write(LogBatch batch, IBufferWriter<byte> output)
    {
        if (batch.Entries.Count > LogBatch.MaxEntries)
        {
            throw new ArgumentException("A batch has at most 16,384 lines.", nameof(batch));
        }

        var sources = Sources(batch);
        var writer = new CborWriter(output);
        writer.WriteArrayHead(batch.EarlierBoots is null ? 10 : 12);
        writer.WriteUInt64(batch.EarlierBoots is null ? 1UL : 2);
        writer.WriteBootId(batch.BootId);
        UnixTime.WriteOrNull(ref writer, batch.WallUnixMs);
        UnixTime.Write(ref writer, batch.MonoMs);
        if (batch.EarlierBoots is { } boots)
        {
            WriteBoots(ref writer, batch, boots);
        }

        writer.WriteArrayHead(sources.Count, LogBatchReader.MaxSources);
        foreach (var source in sources.Keys)
        {
            writer.WriteArrayHead(2);
            writer.WriteUInt64((ulong)source.Kind);
            writer.WriteText(source.Name, LogBatchReader.MaxNameBytes);
        }

        WriteTimes(ref writer, batch);
        var severities = writer.WriteBytesInPlace(batch.Entries.Count);
        for (var i = 0; i < severities.Length; i++)
        {
            severities[i] = checked((byte)batch.Entries[i].Severity);
        }

        WriteSourceIndexes(ref writer, batch, sources);
        WriteBodies(ref writer, batch);
        WriteAttributes(ref writer, batch);
    }

    /// <summary>The different sources, in order of appearance, which is the dictionary's order as long as nothing is removed.</summary>
    private static OrderedDictionary<LogSource, int> Sources(LogBatch batch)
    {
        var sources = new OrderedDictionary<LogSource, int>();
        foreach (var entry in batch.Entries)
        {
            sources.TryAdd(entry.Source, sources.Count);
        }

        return sources;
    }

    private static void WriteTimes(ref CborWriter writer, LogBatch batch)
    {
        var column = new ArrayBufferWriter<byte>();
        var previous = 0L;
        foreach (var entry in batch.Entries)
        {
            VarInt.Write(column, VarInt.ZigZag(entry.Ms - previous));
            previous = entry.Ms;
        }

        writer.WriteBytes(column.WrittenSpan);
    }

    private static void WriteSourceIndexes(ref CborWriter writer, LogBatch batch, OrderedDictionary<LogSource, int> sources)
    {
        var column = new ArrayBufferWriter<byte>();
        foreach (var entry in batch.Entries)
        {
            VarInt.Write(column, (ulong)sources[entry.Source]);
        }

        writer.WriteBytes(column.WrittenSpan);
    }

    private static void WriteBoots(ref CborWriter writer, LogBatch batch, IReadOnlyList<BootTime> boots)
    {
        writer.WriteArrayHead(boots.Count, LogBatch.MaxEarlierBoots);
        foreach (var boot in boots)
        {
            writer.WriteArrayHead(3);
            BootTime.Write(ref writer, boot);
        }

        if (batch.Entries.All(static entry => entry.Boot == 0))
        {
            writer.WriteNull();
            return;
        }

        var column = writer.WriteBytesInPlace(batch.Entries.Count);
        for (var i = 0; i < column.Length; i++)
        {
            var boot = batch.Entries[i].Boot;
            column[i] = boot >= 0 && boot <= boots.Count ? (byte)boot : throw new ArgumentException("A line is of a boot that the batch does not name.", nameof(batch));
        }
    }

    private static void WriteBodies(ref CborWriter writer, LogBatch batch)
    {
        writer.WriteArrayHead(batch.Entries.Count);
        foreach (var entry in batch.Entries)
        {
            writer.WriteText(entry.Body, LogEntry.MaxBodyBytes);
        }
    }

    private static void WriteAttributes(ref CborWriter writer, LogBatch batch)
    {
        if (batch.Entries.All(static entry => entry.Attributes.Count == 0))
        {
            writer.WriteNull();
            return;
        }

        writer.WriteArrayHead(batch.Entries.Count);
        foreach (var entry in batch.Entries)
        {
            StringPairs.Write(ref writer, entry.Attributes);
        }
    }
}
