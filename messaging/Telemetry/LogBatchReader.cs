using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Telemetry;

/// <summary>Reads a batch's content.</summary>
internal static class LogBatchReader
{
    public const int MaxSources = 1024;
    public const int MaxNameBytes = 1024;

    public static bool TryRead(ReadOnlySpan<byte> content, [NotNullWhen(true)] out LogBatch? batch)
    {
        batch = null;
        var reader = new CborReader(content);
        if (!reader.TryReadArrayHead(out var fields)
            || !reader.TryReadUInt64(out var version, 2)
            || (fields, version) is not ((10, 1) or (12, 2))
            || !reader.TryReadBootId(out var bootId)
            || !UnixTime.TryReadOrNull(ref reader, out var wall)
            || !UnixTime.TryRead(ref reader, out var mono)
            || !TryReadBoots(ref reader, version, out var boots, out var bootIndexes)
            || !TryReadSources(ref reader, out var sources)
            || !reader.TryReadBytes(out var times)
            || !reader.TryReadBytes(out var severities, LogBatch.MaxEntries)
            || !reader.TryReadBytes(out var indexes)
            || !reader.TryReadArray(severities.Length))
        {
            return false;
        }

        var attributesReader = reader;
        for (var i = 0; i < severities.Length; i++)
        {
            if (!attributesReader.TryReadUtf8(out _, LogEntry.MaxBodyBytes))
            {
                return false;
            }
        }

        var withAttributes = !attributesReader.TryReadNull();
        if (withAttributes && (severities.IsEmpty || !attributesReader.TryReadArray(severities.Length)))
        {
            return false;
        }

        if (!bootIndexes.IsEmpty && bootIndexes.Length != severities.Length)
        {
            return false;
        }

        var entries = new LogEntry[severities.Length];
        var time = 0L;
        for (var i = 0; i < entries.Length; i++)
        {
            KeyValuePair<string, string>[] attributes = [];
            if (!VarInt.TryRead(ref times, out var delta)
                || (time = unchecked(time + VarInt.UnZigZag(delta))) is < 0 or > UnixTime.MaxMilliseconds
                || severities[i] > LogEntry.MaxSeverity
                || !VarInt.TryRead(ref indexes, out var source)
                || source >= (ulong)sources.Length
                || !reader.TryReadText(out var body, LogEntry.MaxBodyBytes)
                || (withAttributes && !StringPairs.TryRead(ref attributesReader, out attributes))
                || (!bootIndexes.IsEmpty && bootIndexes[i] > boots!.Length))
            {
                return false;
            }

            entries[i] = new LogEntry(time, severities[i], sources[source], body, attributes, bootIndexes.IsEmpty ? 0 : bootIndexes[i]);
        }

        batch = times.IsEmpty && indexes.IsEmpty && attributesReader.AtEnd ? new LogBatch(bootId, wall, mono, entries, boots) : null;
        return batch is not null;
    }

    private static bool TryReadBoots(ref CborReader reader, ulong version, out BootTime[]? boots, out ReadOnlySpan<byte> indexes)
    {
        boots = null;
        indexes = default;
        if (version == 1)
        {
            return true;
        }

        if (!reader.TryReadArrayHead(out var count, LogBatch.MaxEarlierBoots))
        {
            return false;
        }

        boots = new BootTime[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadArray(3) || !BootTime.TryRead(ref reader, out boots[i]))
            {
                return false;
            }
        }

        // One form for lines that are all of the batch's boot: null, never zeros.
        return reader.TryReadNull() || (reader.TryReadBytes(out indexes, LogBatch.MaxEntries) && indexes.ContainsAnyExcept((byte)0));
    }

    private static bool TryReadSources(ref CborReader reader, out LogSource[] sources)
    {
        sources = [];
        if (!reader.TryReadArrayHead(out var count, MaxSources))
        {
            return false;
        }

        var read = new LogSource[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadArray(2)
                || !reader.TryReadInt32(out var kind, (int)LogSourceKind.Journal)
                || !reader.TryReadText(out var name, MaxNameBytes))
            {
                return false;
            }

            read[i] = new LogSource((LogSourceKind)kind, name);
        }

        sources = read;
        return true;
    }
}
