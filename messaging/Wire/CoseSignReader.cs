namespace Messaging.Wire;

/// <summary>Reads COSE_Sign messages.</summary>
public static class CoseSignReader
{
    /// <summary>The unprotected header's label for a key's id (RFC 9052, section 3.1).</summary>
    internal const int KidLabel = 4;

    /// <summary>
    /// Reads the profile's form: untagged, empty headers of the body, payload present, one to eight signatures with the protected header
    /// {1: -7} and the unprotected header {4: kid} of 8 bytes, kids strictly ascending, nothing after it.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out CoseSign message)
    {
        message = default;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(4)
            || !reader.TryReadFixedBytes(0, out _)
            || !reader.TryReadMapHead(out var unprotected)
            || unprotected != 0
            || !reader.TryReadBytes(out var payload)
            || !reader.TryReadArrayHead(out var count, CoseSign.MaxSignatures)
            || count == 0)
        {
            return false;
        }

        var start = reader.Position;
        var last = default(Kid);
        for (var i = 0; i < count; i++)
        {
            if (!TryReadSignature(ref reader, out var kid, out _) || (i > 0 && kid.Value <= last.Value))
            {
                return false;
            }

            last = kid;
        }

        if (!reader.AtEnd)
        {
            return false;
        }

        message = new CoseSign(payload, data[start..], count);
        return true;
    }

    internal static bool TryReadSignature(ref CborReader reader, out Kid kid, out ReadOnlySpan<byte> signature)
    {
        kid = default;
        signature = default;
        var previous = -1;
        return reader.TryReadArray(3)
            && reader.TryReadBytes(out var header, CoseSign1Reader.ProtectedHeader.Length)
            && header.SequenceEqual(CoseSign1Reader.ProtectedHeader)
            && reader.TryReadMapHead(out var unprotected)
            && unprotected == 1
            && reader.TryReadMapKey(ref previous, out var label)
            && label == KidLabel
            && reader.TryReadKid(out kid)
            && reader.TryReadFixedBytes(WireLimits.SignatureBytes, out signature);
    }
}
