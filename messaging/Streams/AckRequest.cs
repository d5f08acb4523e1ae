using Messaging.Wire;

namespace Messaging.Streams;

/// <summary>"Say that you are there": [1]. The answer is an acknowledgement, of nothing if there is nothing new.</summary>
public static class AckRequest
{
    /// <summary>The wire form.</summary>
    public static byte[] Encode() => MessageBuffer.Write(1UL, static (version, ref writer) =>
    {
        writer.WriteArrayHead(1);
        writer.WriteUInt64(version);
    });

    /// <summary>Reads the wire form, in which there is nothing to know.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data)
    {
        var reader = new CborReader(data);
        return reader.TryReadArray(1) && reader.TryReadExpected(1) && reader.AtEnd;
    }
}
