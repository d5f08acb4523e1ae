using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>The arguments of "pwm-set": [name, permille].</summary>
/// <param name="Name">An output that the device declares, at most 64 bytes.</param>
/// <param name="Permille">Share of the time that it is on, 0 to 1000.</param>
public sealed record PwmSetArguments(string Name, int Permille)
{
    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (set, ref writer) =>
    {
        writer.WriteArrayHead(2);
        writer.WriteText(set.Name, 64);
        writer.WriteUInt64((ulong)set.Permille);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out PwmSetArguments? arguments)
    {
        arguments = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(2) || !reader.TryReadText(out var name, 64) || !reader.TryReadInt32(out var permille, 1000) || !reader.AtEnd)
        {
            return false;
        }

        arguments = new PwmSetArguments(name, permille);
        return true;
    }
}
