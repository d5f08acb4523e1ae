using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Telemetry;

/// <summary>
/// Events: [2, bootId, wallUnixMs | null, monoMs, [[monoMs, name, severity, [k, v, ...]]...]], in a compressed envelope. Version 1 was
/// [1, [[unixMs | null, name, severity, [k, v, ...]]...]].
/// </summary>
/// <param name="Closed">When the batch was closed. Null in version 1, of which the events say their own wall clock's time.</param>
/// <param name="Events">At most <see cref="MaxEvents"/>.</param>
public sealed record EventBatch(BootTime? Closed, IReadOnlyList<DeviceEvent> Events)
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
        if (Closed is { } closed)
        {
            writer.WriteArrayHead(5);
            writer.WriteUInt64(2);
            BootTime.Write(ref writer, closed);
        }
        else
        {
            writer.WriteArrayHead(2);
            writer.WriteUInt64(1);
        }

        writer.WriteArrayHead(Events.Count, MaxEvents);
        foreach (var one in Events)
        {
            writer.WriteArrayHead(4);
            if (Closed is null)
            {
                UnixTime.WriteOrNull(ref writer, one.Ms);
            }
            else
            {
                UnixTime.Write(ref writer, one.Ms ?? throw new ArgumentException("An event of a boot has a time.", nameof(output)));
            }

            writer.WriteText(one.Name, 128);
            writer.WriteUInt64(checked((ulong)one.Severity));
            StringPairs.Write(ref writer, one.Attributes);
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> content, [NotNullWhen(true)] out EventBatch? batch)
    {
        batch = null;
        var reader = new CborReader(content);
        BootTime? closed = null;
        if (!reader.TryReadArrayHead(out var fields) || !reader.TryReadUInt64(out var version, 2))
        {
            return false;
        }

        if (version == 2 && BootTime.TryRead(ref reader, out var time))
        {
            closed = time;
        }

        if ((fields, version, closed is null) is not ((2, 1, true) or (5, 2, false)) || !reader.TryReadArrayHead(out var count, MaxEvents))
        {
            return false;
        }

        var events = new DeviceEvent[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadArray(4)
                || !UnixTime.TryReadOrNull(ref reader, out var ms)
                || (ms is null && closed is not null)
                || !reader.TryReadText(out var name, 128)
                || !reader.TryReadInt32(out var severity, LogEntry.MaxSeverity)
                || !StringPairs.TryRead(ref reader, out var attributes))
            {
                return false;
            }

            events[i] = new DeviceEvent(ms, name, severity, attributes);
        }

        batch = reader.AtEnd ? new EventBatch(closed, events) : null;
        return batch is not null;
    }
}
