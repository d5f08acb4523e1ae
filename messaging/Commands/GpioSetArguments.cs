using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>The arguments of "gpio-set": [name, value, pulse milliseconds or null].</summary>
/// <param name="Name">An output that the device declares, at most 64 bytes.</param>
/// <param name="Value">On or off.</param>
/// <param name="Pulse">After this long (1 ms to 1 hour) the output gets the opposite value; null: it stays.</param>
public sealed record GpioSetArguments(string Name, bool Value, TimeSpan? Pulse)
{
    /// <summary>The longest pulse: one hour.</summary>
    public static readonly TimeSpan MaxPulse = TimeSpan.FromHours(1);

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (set, ref writer) =>
    {
        writer.WriteArrayHead(3);
        writer.WriteText(set.Name, 64);
        writer.WriteBoolean(set.Value);
        writer.WriteUInt64OrNull(set.Pulse is { } pulse ? (ulong)pulse.TotalMilliseconds : null);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out GpioSetArguments? arguments)
    {
        arguments = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(3) || !reader.TryReadText(out var name, 64) || !reader.TryReadBoolean(out var value))
        {
            return false;
        }

        TimeSpan? pulse = null;
        if (!reader.TryReadNull())
        {
            if (!reader.TryReadUInt64(out var milliseconds, (ulong)MaxPulse.TotalMilliseconds) || milliseconds == 0)
            {
                return false;
            }

            pulse = TimeSpan.FromMilliseconds(milliseconds);
        }

        if (!reader.AtEnd)
        {
            return false;
        }

        arguments = new GpioSetArguments(name, value, pulse);
        return true;
    }
}
