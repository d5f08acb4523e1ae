using System.Buffers.Binary;
using System.Security.Cryptography;
using Messaging.Crypto;
using Messaging.Sessions;
using Messaging.Wire;

namespace Messaging.Recordings;

/// <summary>
/// Seals a recording as it goes: a head that the device signs, then chunks that only its recipients can open. What makes the chunks is in memory
/// alone, so that nobody can add to a recording after its end. Not thread-safe. Dispose erases the key.
/// </summary>
public sealed class RecordingSealer : IDisposable
{
    private readonly AesGcm _aead;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private ulong _number;
    private bool _isFinal;

    /// <param name="secret">Random, used for this recording alone.</param>
    /// <param name="payload">Of the head.</param>
    /// <param name="signed">The head as it is written.</param>
    internal RecordingSealer(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> payload, byte[] signed)
    {
        Span<byte> key = stackalloc byte[RecordingFormat.KeyBytes];
        RecordingFormat.DeriveChunkKey(secret, payload, key);
        _aead = new AesGcm(key, WireLimits.TagBytes);
        CryptographicOperations.ZeroMemory(key);
        var frame = NewFrame(RecordingFrame.Head, RecordingFormat.Magic, signed.Length, out var body);
        signed.CopyTo(body);
        Head = Close(frame);
    }

    /// <summary>What the recording begins with.</summary>
    public ReadOnlyMemory<byte> Head { get; }

    /// <summary>Bytes of the head and of all chunks so far.</summary>
    public long Length { get; private set; }

    /// <summary>Begins a recording.</summary>
    /// <param name="key">The device's identity key.</param>
    /// <param name="origin">How that follows from its first one.</param>
    /// <param name="device">The device.</param>
    /// <param name="command">The command that opened what is recorded.</param>
    /// <param name="startedUnixMs">When, in Unix milliseconds; null when the clock is not believed.</param>
    /// <param name="recipients">Who can open it: 1 to <see cref="RecordingFormat.MaxRecipients"/>.</param>
    public static RecordingSealer Begin(
        IdentityKey key, IdentityOrigin origin, PrincipalId device, CommandId command, long? startedUnixMs, IReadOnlyList<HpkePublicKey> recipients)
    {
        ArgumentNullException.ThrowIfNull(recipients);
        Span<byte> secret = stackalloc byte[RecordingFormat.KeyBytes];
        RandomNumberGenerator.Fill(secret);
        var keys = new RecordingHead.SealedKey[recipients.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            using var ephemeral = HpkeKeyPair.Generate();
            keys[i] = RecordingHead.Seal(ephemeral, recipients[i], device, command, secret);
        }

        var payload = RecordingHead.EncodePayload(device, command, startedUnixMs, keys);
        var sealer = new RecordingSealer(secret, payload, origin.Attach(CoseSign1Writer.Sign(key, RecordingFormat.Label, payload)));
        CryptographicOperations.ZeroMemory(secret);
        return sealer;
    }

    /// <summary>The next chunk, to be written behind what there is.</summary>
    /// <param name="content">At most <see cref="RecordingFormat.MaxChunkBytes"/>.</param>
    /// <param name="isFinal">No other follows.</param>
    public byte[] Seal(ReadOnlySpan<byte> content, bool isFinal)
    {
        if (_isFinal || content.Length > RecordingFormat.MaxChunkBytes)
        {
            throw new InvalidOperationException(_isFinal ? "The recording has ended." : $"A chunk has at most {RecordingFormat.MaxChunkBytes} bytes.");
        }

        _isFinal = isFinal;
        _number++;
        var kind = isFinal ? RecordingFrame.Final : RecordingFrame.Chunk;
        var frame = NewFrame(kind, [], content.Length + WireLimits.TagBytes, out var body);
        Span<byte> nonce = stackalloc byte[RecordingFormat.NonceBytes];
        BinaryPrimitives.WriteUInt64BigEndian(nonce[sizeof(uint)..], _number);
        _aead.Encrypt(nonce, content, body[..content.Length], body[content.Length..], [(byte)kind]);
        return Close(frame);
    }

    /// <summary>SHA-256 of the head and of all chunks so far.</summary>
    public byte[] Sha256() => _hash.GetCurrentHash();

    /// <inheritdoc/>
    public void Dispose()
    {
        _aead.Dispose();
        _hash.Dispose();
    }

    private static byte[] NewFrame(RecordingFrame kind, ReadOnlySpan<byte> before, int size, out Span<byte> body)
    {
        var frame = new byte[before.Length + RecordingFormat.FrameHeadBytes + size + RecordingFormat.CheckBytes];
        before.CopyTo(frame);
        frame[before.Length] = (byte)kind;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(before.Length + 1), (uint)size);
        body = frame.AsSpan(before.Length + RecordingFormat.FrameHeadBytes, size);
        return frame;
    }

    /// <summary>Puts the check behind it.</summary>
    private byte[] Close(byte[] frame)
    {
        var check = frame.AsSpan(frame.Length - RecordingFormat.CheckBytes);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.AppendData(frame.AsSpan(0, frame.Length - RecordingFormat.CheckBytes));
        _hash.GetCurrentHash(hash);
        hash[..RecordingFormat.CheckBytes].CopyTo(check);
        _hash.AppendData(check);
        Length += frame.Length;
        return frame;
    }
}
