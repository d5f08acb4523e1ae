using System.Diagnostics.CodeAnalysis;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Audit;

/// <summary>
/// How far a server's log went at a moment: a COSE_Sign1 by the server, external_aad "messaging/1/audit-checkpoint", over
/// [1, logId, serverId, number, hash, unixMs].
/// </summary>
public sealed class LogCheckpoint
{
    /// <summary>The most bytes of a checkpoint.</summary>
    public const int MaxBytes = 256;

    private LogCheckpoint(ChainId logId, PrincipalId server, long number, byte[] hash, long unixMs, byte[] bytes)
    {
        LogId = logId;
        Server = server;
        Number = number;
        Hash = hash;
        UnixMs = unixMs;
        Bytes = bytes;
    }

    /// <summary>The log.</summary>
    public ChainId LogId { get; }

    /// <summary>Who says so. Not to be believed before <see cref="IsSignedBy"/>.</summary>
    public PrincipalId Server { get; }

    /// <summary>The number of the last entry.</summary>
    public long Number { get; }

    /// <summary>Its hash.</summary>
    public byte[] Hash { get; }

    /// <summary>When it was signed, in Unix milliseconds.</summary>
    public long UnixMs { get; }

    /// <summary>The COSE_Sign1 as it was received or made.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    private static ReadOnlySpan<byte> Label => "messaging/1/audit-checkpoint"u8;

    /// <summary>Signs a checkpoint.</summary>
    /// <param name="key">The server's identity key.</param>
    /// <param name="server">Its id.</param>
    /// <param name="logId">The log.</param>
    /// <param name="number">The number of the last entry.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="unixMs">Now.</param>
    public static LogCheckpoint Sign(IdentityKey key, PrincipalId server, ChainId logId, long number, ReadOnlySpan<byte> hash, long unixMs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        if (hash.Length != WireLimits.HashBytes)
        {
            throw new ArgumentException("A hash has 32 bytes.", nameof(hash));
        }

        return new LogCheckpoint(logId, server, number, hash.ToArray(), unixMs, CoseSign1Writer.Sign(key, Label, Payload(server, logId, number, hash, unixMs)));
    }

    /// <summary>Reads a checkpoint. Its signature is checked by <see cref="IsSignedBy"/>, once the server's key is known.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out LogCheckpoint? checkpoint)
    {
        checkpoint = null;
        if (data.Length > MaxBytes || !CoseSign1Reader.TryRead(data, out var message))
        {
            return false;
        }

        var reader = new CborReader(message.Payload);
        if (!reader.TryReadArray(6)
            || !reader.TryReadExpected(1)
            || !ChainId.TryRead(ref reader, out var logId)
            || !reader.TryReadPrincipalId(out var server)
            || !reader.TryReadUInt64(out var number, long.MaxValue)
            || number == 0
            || !reader.TryReadFixedBytes(WireLimits.HashBytes, out var hash)
            || !UnixTime.TryRead(ref reader, out var unixMs)
            || !reader.AtEnd)
        {
            return false;
        }

        checkpoint = new LogCheckpoint(logId, server, (long)number, hash.ToArray(), unixMs, data.ToArray());
        return true;
    }

    internal static byte[] Payload(PrincipalId server, ChainId logId, long number, ReadOnlySpan<byte> hash, long unixMs)
    {
        var payload = new byte[MaxBytes];
        var writer = new CborWriter(payload);
        writer.WriteArrayHead(6);
        writer.WriteUInt64(1);
        logId.Write(ref writer);
        writer.WritePrincipalId(server);
        writer.WriteUInt64((ulong)number);
        writer.WriteBytes(hash);
        UnixTime.Write(ref writer, unixMs);
        return payload[..writer.Written];
    }

    /// <summary>True if the key signed exactly these bytes as a checkpoint.</summary>
    public bool IsSignedBy(IdentityPublicKey server) => CoseSign1Reader.TryRead(Bytes.Span, out var message) && message.Verify(server, Label);
}
