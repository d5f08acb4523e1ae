using System.Buffers.Binary;
using System.Security.Cryptography;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Recordings;

/// <summary>Opens a recording: verifies who made it, that nothing is missing in between, and whether it is whole. Not thread-safe.</summary>
public sealed class RecordingReader : IDisposable
{
    private readonly RecordingFrames _frames;
    private AesGcm? _aead;
    private ulong _number;
    private RecordingVerdict? _end;

    private RecordingReader(ReadRecording read) => _frames = new RecordingFrames(read);

    /// <summary>Who recorded what, for whom; null when that cannot be read or is not signed.</summary>
    public RecordingHead? Head { get; private set; }

    /// <summary>SHA-256 of what was read.</summary>
    public ReadOnlySpan<byte> Sha256 => _frames.Sha256;

    /// <summary>Bytes of what was read.</summary>
    public long Length => _frames.Length;

    /// <summary>Reads the head.</summary>
    /// <param name="read">The recording.</param>
    /// <param name="key">A recipient's.</param>
    /// <param name="reader">Reads what follows.</param>
    public static RecordingVerdict Begin(ReadRecording read, HpkeKeyPair key, out RecordingReader reader)
    {
        reader = new RecordingReader(read);
        return reader.Begin(key);
    }

    /// <summary>The next chunk.</summary>
    /// <param name="content">What was recorded, when the verdict is <see cref="RecordingVerdict.Content"/>.</param>
    public RecordingVerdict Next(out byte[] content)
    {
        content = [];
        if (_end is { } end)
        {
            return end;
        }

        var kind = _frames.Next(out var body);
        switch (kind)
        {
            case RecordingFrame.Nothing:
                return Ended(RecordingVerdict.BrokenOff);
            case RecordingFrame.Chunk or RecordingFrame.Final when TryOpen(kind, body, out content):
                break;
            default:
                return Ended(RecordingVerdict.Damaged);
        }

        if (kind == RecordingFrame.Final)
        {
            // What stands behind the last chunk is nobody's.
            Ended(_frames.Next(out _) == RecordingFrame.Nothing ? RecordingVerdict.Complete : RecordingVerdict.Damaged);
            return _end == RecordingVerdict.Damaged ? RecordingVerdict.Damaged : RecordingVerdict.Content;
        }

        return RecordingVerdict.Content;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _aead?.Dispose();
        _frames.Dispose();
    }

    private RecordingVerdict Begin(HpkeKeyPair key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (_frames.Next(out var body) != RecordingFrame.Head)
        {
            return Ended(RecordingVerdict.NotARecording);
        }

        if (!RecordingHead.TryRead(body, out var head))
        {
            return Ended(RecordingVerdict.NotSigned);
        }

        Head = head;
        Span<byte> secret = stackalloc byte[RecordingFormat.KeyBytes];
        if (!head.TryOpenSecret(key, secret))
        {
            return Ended(RecordingVerdict.OtherRecipient);
        }

        Span<byte> chunkKey = stackalloc byte[RecordingFormat.KeyBytes];
        RecordingFormat.DeriveChunkKey(secret, head.Payload, chunkKey);
        _aead = new AesGcm(chunkKey, WireLimits.TagBytes);
        CryptographicOperations.ZeroMemory(secret);
        CryptographicOperations.ZeroMemory(chunkKey);
        return RecordingVerdict.Content;
    }

    private bool TryOpen(RecordingFrame kind, ReadOnlySpan<byte> body, out byte[] content)
    {
        content = [];
        if (body.Length < WireLimits.TagBytes)
        {
            return false;
        }

        _number++;
        Span<byte> nonce = stackalloc byte[RecordingFormat.NonceBytes];
        BinaryPrimitives.WriteUInt64BigEndian(nonce[sizeof(uint)..], _number);
        var opened = new byte[body.Length - WireLimits.TagBytes];
        try
        {
            _aead!.Decrypt(nonce, body[..opened.Length], body[opened.Length..], opened, [(byte)kind]);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        content = opened;
        return true;
    }

    private RecordingVerdict Ended(RecordingVerdict verdict)
    {
        _end = verdict;
        return verdict;
    }
}
