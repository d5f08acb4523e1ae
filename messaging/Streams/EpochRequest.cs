using Messaging.Wire;

namespace Messaging.Streams;

/// <summary>"I have records of an epoch that I do not know; send its opening again": [1, kid(8)].</summary>
/// <param name="Kid">The unknown epoch's key id.</param>
public readonly record struct EpochRequest(Kid Kid)
{
    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(Kid, static (kid, ref writer) =>
    {
        writer.WriteArrayHead(2);
        writer.WriteUInt64(1);
        writer.WriteKid(kid);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, out EpochRequest request)
    {
        var reader = new CborReader(data);
        var ok = reader.TryReadArray(2) && reader.TryReadExpected(1);
        ok = reader.TryReadKid(out var kid) && ok && reader.AtEnd;
        request = ok ? new EpochRequest(kid) : default;
        return ok;
    }
}
