using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>The arguments of commands that take none: [].</summary>
public static class EmptyArguments
{
    /// <summary>The wire form, one byte.</summary>
    public static byte[] Encode() => [0x80];

    /// <summary>True for exactly the empty array.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data)
    {
        var reader = new CborReader(data);
        return reader.TryReadArray(0) && reader.AtEnd;
    }
}
