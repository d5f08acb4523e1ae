namespace Messaging.Wire;

/// <summary>Limits that every implementation of the profile shares; beyond them a message is malformed.</summary>
public static class WireLimits
{
    /// <summary>The largest frame (one MQTT payload), in bytes.</summary>
    public const int MaxFrameBytes = 256 * 1024;

    /// <summary>The largest packet of a session, in bytes.</summary>
    public const int MaxSessionPacketBytes = 64 * 1024;

    /// <summary>The highest sequence number of a stream within one epoch; the first is 1.</summary>
    public const ulong MaxSeq = 1UL << 32;

    /// <summary>The highest stream id and the highest record type.</summary>
    public const uint MaxStreamId = 0xFFFF;

    /// <summary>The deepest nesting of arrays and maps that the strict CBOR reader follows.</summary>
    public const int MaxCborDepth = 16;

    /// <summary>An uncompressed P-256 point (SEC 1, section 2.3.3), in bytes.</summary>
    public const int PointBytes = 65;

    /// <summary>An ES256 signature in the fixed-size form r || s (RFC 9053, section 2.1), in bytes.</summary>
    public const int SignatureBytes = 64;

    /// <summary>A SHA-256 digest, in bytes.</summary>
    public const int HashBytes = 32;

    /// <summary>The tag that AES-256-GCM adds to a ciphertext, in bytes.</summary>
    public const int TagBytes = 16;
}
