using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Telemetry;

/// <summary>Events: [1, [[unixMs | null, name, severity, [k, v, ...]]...]], in a compressed envelope.</summary>
/// <param name="Events">At most <see cref="MaxEvents"/>.</param>
public sealed record EventBatch(IReadOnlyList<DeviceEvent> Events)
{
    /// <summary>The most events in a batch.</summary>
    public const int MaxEvents = 1024;

    /// <summary>Writes the compressed form.</summary>
    /// <exception cref="ArgumentException">The batch is larger than the limits.</exception>
    public void Encode(IBufferWriter<byte> output)
    {
        var plain = new ArrayBufferWriter<byte>();
        Write(plain);
        BatchEnvelope.Compress(plain.WrittenSpan, output);
    }

    /// <summary>Reads the compressed form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out EventBatch? batch)
    {
        batch = null;
        using var envelope = new BatchEnvelope();
        return envelope.TryOpen(data) && TryRead(envelope.Content, out batch);
    }

    internal void Write(IBufferWriter<byte> output)
    {
        var writer = new CborWriter(output);
        writer.WriteArrayHead(2);
        writer.WriteUInt64(1);
        writer.WriteArrayHead(Events.Count, MaxEvents);
        foreach (var one in Events)
        {
            writer.WriteArrayHead(4);
            UnixTime.WriteOrNull(ref writer, one.UnixMs);
            writer.WriteText(one.Name, 128);
            writer.WriteUInt64(checked((ulong)one.Severity));
            StringPairs.Write(ref writer, one.Attributes);
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> content, [NotNullWhen(true)] out EventBatch? batch)
    {
        batch = null;
        var reader = new CborReader(content);
        if (!reader.TryReadArray(2) || !reader.TryReadExpected(1) || !reader.TryReadArrayHead(out var count, MaxEvents))
        {
            return false;
        }

        var events = new DeviceEvent[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadArray(4)
                || !UnixTime.TryReadOrNull(ref reader, out var unixMs)
                || !reader.TryReadText(out var name, 128)
                || !reader.TryReadInt32(out var severity, LogEntry.MaxSeverity)
                || !StringPairs.TryRead(ref reader, out var attributes))
            {
                return false;
            }

            events[i] = new DeviceEvent(unixMs, name, severity, attributes);
        }

        batch = reader.AtEnd ? new EventBatch(events) : null;
        return batch is not null;
    }
}
