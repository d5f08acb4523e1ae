using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>The arguments of "app": [name, [argument...], payload].</summary>
/// <param name="Name">The name under which the program listens on the device, at most 128 bytes.</param>
/// <param name="Arguments">At most 64, of at most 4,096 bytes.</param>
/// <param name="Payload">At most <see cref="MaxPayloadBytes"/>.</param>
public sealed record AppArguments(string Name, IReadOnlyList<string> Arguments, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The most bytes of a payload.</summary>
    public const int MaxPayloadBytes = 32 * 1024;

    /// <summary>The wire form.</summary>
    /// <exception cref="InvalidOperationException">The payload is too long.</exception>
    public byte[] Encode()
    {
        if (Payload.Length > MaxPayloadBytes)
        {
            throw new InvalidOperationException($"A payload has at most {MaxPayloadBytes} bytes.");
        }

        return MessageBuffer.Write(this, static (app, ref writer) =>
        {
            writer.WriteArrayHead(3);
            writer.WriteText(app.Name, 128);
            TextList.Write(ref writer, app.Arguments, 64, 4096);
            writer.WriteBytes(app.Payload.Span);
        });
    }

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out AppArguments? arguments)
    {
        arguments = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(3)
            || !reader.TryReadText(out var name, 128)
            || !TextList.TryRead(ref reader, 64, 4096, out var list)
            || !reader.TryReadBytes(out var payload, MaxPayloadBytes)
            || !reader.AtEnd)
        {
            return false;
        }

        arguments = new AppArguments(name, list, payload.ToArray());
        return true;
    }
}
