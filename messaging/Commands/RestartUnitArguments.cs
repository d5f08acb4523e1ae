using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>The arguments of "restart-unit": [unit].</summary>
/// <param name="Unit">A systemd unit's name, at most 255 bytes.</param>
public sealed record RestartUnitArguments(string Unit)
{
    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(Unit, static (unit, ref writer) =>
    {
        writer.WriteArrayHead(1);
        writer.WriteText(unit, 255);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out RestartUnitArguments? arguments)
    {
        arguments = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(1) || !reader.TryReadText(out var unit, 255) || !reader.AtEnd)
        {
            return false;
        }

        arguments = new RestartUnitArguments(unit);
        return true;
    }
}
