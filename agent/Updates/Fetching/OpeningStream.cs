using Messaging.Updates.Releases;

namespace Messaging.Agent.Updates.Fetching;

/// <summary>What an encrypted target decrypts to, piece by piece. Its end is only read when the last piece was the last.</summary>
/// <param name="source">The target, of which all is there.</param>
/// <param name="length">Its bytes.</param>
/// <param name="cipher">Opens it.</param>
internal sealed class OpeningStream(Stream source, long length, ContentCipher cipher) : Stream
{
    private readonly byte[] _sealed = new byte[ContentCipher.PieceBytes + ContentCipher.TagBytes];
    private readonly byte[] _piece = new byte[ContentCipher.PieceBytes];
    private long _left = length;
    private int _read;
    private int _have;
    private bool _isOver;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="UpdateFailedException">The key does not open it.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (_read == _have && !_isOver)
        {
            Open();
        }

        var count = Math.Min(buffer.Length, _have - _read);
        _piece.AsSpan(_read, count).CopyTo(buffer);
        _read += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : ValueTask.FromResult(Read(buffer.Span));

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Open()
    {
        var count = (int)Math.Min(_left, _sealed.Length);
        source.ReadExactly(_sealed, 0, count);
        _left -= count;
        _isOver = _left == 0;
        if (!cipher.TryOpen(_sealed.AsSpan(0, count), _isOver, _piece))
        {
            throw new UpdateFailedException(UpdateReasons.BadKey, "The key of the assignment does not open the artifact.");
        }

        (_read, _have) = (0, count - ContentCipher.TagBytes);
    }
}
