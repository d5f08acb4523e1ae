namespace Messaging.Wire;

/// <summary>Reads COSE_Sign1 messages.</summary>
public static class CoseSign1Reader
{
    /// <summary>The only protected header of the profile: {1: -7}, ES256.</summary>
    internal static ReadOnlySpan<byte> ProtectedHeader => [0xa1, 0x01, 0x26];

    /// <summary>
    /// Reads the profile's form: untagged, protected header exactly {1: -7}, empty unprotected header, payload present, a signature of
    /// 64 bytes, nothing after it.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out CoseSign1 message)
    {
        message = default;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(4)
            || !reader.TryReadBytes(out var header, ProtectedHeader.Length)
            || !header.SequenceEqual(ProtectedHeader)
            || !reader.TryReadMapHead(out var unprotected)
            || unprotected != 0
            || !reader.TryReadBytes(out var payload)
            || !reader.TryReadFixedBytes(WireLimits.SignatureBytes, out var signature)
            || !reader.AtEnd)
        {
            return false;
        }

        message = new CoseSign1(header, payload, signature);
        return true;
    }

    /// <summary>
    /// Reads messages of other profiles, for checking ours against independent vectors: the protected header may hold more than the
    /// algorithm, the unprotected header may hold anything well-formed. The algorithm must be protected and ES256, nothing may be critical.
    /// </summary>
    internal static bool TryReadForeign(ReadOnlySpan<byte> data, out CoseSign1 message)
    {
        message = default;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(4)
            || !reader.TryReadBytes(out var header)
            || !HasEs256(header)
            || reader.PeekType() != CborType.Map
            || !reader.TryReadEncoded(out _)
            || !reader.TryReadBytes(out var payload)
            || !reader.TryReadFixedBytes(WireLimits.SignatureBytes, out var signature)
            || !reader.AtEnd)
        {
            return false;
        }

        message = new CoseSign1(header, payload, signature);
        return true;
    }

    private static bool HasEs256(ReadOnlySpan<byte> header)
    {
        var reader = new CborReader(header);
        if (!reader.TryReadMapHead(out var count))
        {
            return false;
        }

        var es256 = false;
        var previous = -1;
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadMapKey(ref previous, out var key) || key == 2)
            {
                return false;
            }

            if (key == 1)
            {
                es256 = reader.TryReadInt64(out var algorithm) && algorithm == -7;
                if (!es256)
                {
                    return false;
                }
            }
            else if (!reader.TryReadEncoded(out _))
            {
                return false;
            }
        }

        return es256 && reader.AtEnd;
    }
}
