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
    public void Encode(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (Events.Count > MaxEvents)
        {
            throw new InvalidOperationException("A batch has at most 1,024 events.");
        }

        var plain = new ArrayBufferWriter<byte>();
        var writer = new CborWriter(plain);
        writer.WriteArrayHead(2);
        writer.WriteUInt64(1);
        writer.WriteArrayHead(Events.Count);
        foreach (var one in Events)
        {
            writer.WriteArrayHead(4);
            UnixTime.WriteOrNull(ref writer, one.UnixMs);
            writer.WriteText(one.Name, 128);
            writer.WriteUInt64(checked((ulong)one.Severity));
            StringPairs.Write(ref writer, one.Attributes);
        }

        BatchEnvelope.Compress(plain.WrittenSpan, output);
    }

    /// <summary>Reads the compressed form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out EventBatch? batch)
    {
        batch = null;
        using var envelope = new BatchEnvelope();
        return envelope.TryOpen(data) && TryRead(envelope.Content, out batch);
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
