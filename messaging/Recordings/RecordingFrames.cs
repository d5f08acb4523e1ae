using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Messaging.Recordings;

/// <summary>
/// Walks the frames of a recording, which takes no key: after each stands a check of everything before it, so that a change, a swap or a cut in
/// the middle of a frame is seen. Not thread-safe.
/// </summary>
/// <param name="read">The recording.</param>
public sealed class RecordingFrames(ReadRecording read) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _sha256 = new byte[SHA256.HashSizeInBytes];
    private byte[] _frame = [];
    private bool _isFinal;

    /// <summary>Bytes of the frames so far, all whole.</summary>
    public long Length { get; private set; }

    /// <summary>SHA-256 of these bytes.</summary>
    public ReadOnlySpan<byte> Sha256 => _sha256;

    /// <summary>The next frame. After the final one there must be nothing.</summary>
    /// <param name="body">What is in it, until the next call.</param>
    public RecordingFrame Next(out ReadOnlySpan<byte> body)
    {
        body = default;
        var start = Length == 0 ? RecordingFormat.Magic.Length : 0;
        Span<byte> head = stackalloc byte[RecordingFormat.Magic.Length + RecordingFormat.FrameHeadBytes];
        head = head[..(start + RecordingFormat.FrameHeadBytes)];
        var length = read(Length, head);
        if (length == 0 && Length > 0)
        {
            return RecordingFrame.Nothing;
        }

        var kind = head[start];
        var size = BinaryPrimitives.ReadUInt32BigEndian(head[(start + 1)..]);
        var isKnown = Length == 0
            ? kind == (byte)RecordingFrame.Head && head[..start].SequenceEqual(RecordingFormat.Magic)
            : kind is (byte)RecordingFrame.Chunk or (byte)RecordingFrame.Final && !_isFinal;
        if (length < head.Length || !isKnown || size > (Length == 0 ? RecordingFormat.MaxHeadBytes : RecordingFormat.MaxBodyBytes))
        {
            return RecordingFrame.Damaged;
        }

        var whole = head.Length + (int)size + RecordingFormat.CheckBytes;
        if (_frame.Length < whole)
        {
            _frame = new byte[whole];
        }

        var frame = _frame.AsSpan(0, whole);
        if (read(Length, frame) < whole)
        {
            return RecordingFrame.Damaged;
        }

        _hash.AppendData(frame[..^RecordingFormat.CheckBytes]);
        Span<byte> check = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetCurrentHash(check);
        if (!frame[^RecordingFormat.CheckBytes..].SequenceEqual(check[..RecordingFormat.CheckBytes]))
        {
            return RecordingFrame.Damaged;
        }

        _hash.AppendData(frame[^RecordingFormat.CheckBytes..]);
        _hash.GetCurrentHash(_sha256);
        Length += whole;
        _isFinal = kind == (byte)RecordingFrame.Final;
        body = frame.Slice(head.Length, (int)size);
        return (RecordingFrame)kind;
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}
