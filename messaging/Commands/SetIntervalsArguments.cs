using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>The arguments of "set-intervals": [[[collector, milliseconds]...]].</summary>
/// <param name="Intervals">Collectors (at most 64 bytes) with their new intervals (whole milliseconds, at most 366 days); 0 switches a collector off.</param>
public sealed record SetIntervalsArguments(IReadOnlyList<KeyValuePair<string, TimeSpan>> Intervals)
{
    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(Intervals, static (intervals, ref writer) =>
    {
        writer.WriteArrayHead(1);
        NamedIntervals.Write(ref writer, intervals);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out SetIntervalsArguments? arguments)
    {
        arguments = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(1) || !NamedIntervals.TryRead(ref reader, out var intervals) || !reader.AtEnd)
        {
            return false;
        }

        arguments = new SetIntervalsArguments(intervals);
        return true;
    }
}
