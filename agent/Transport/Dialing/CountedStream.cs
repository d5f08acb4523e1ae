namespace Messaging.Agent.Transport.Dialing;

/// <summary>A socket's stream that tells how many bytes go through it: before they go, and when they have come.</summary>
internal sealed class CountedStream(Stream inner, Action<int> count) : Stream
{
    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int size) => Read(buffer.AsSpan(offset, size));

    public override int Read(Span<byte> buffer) => Came(inner.Read(buffer));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int size, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, size), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Came(await inner.ReadAsync(buffer, cancellationToken));

    public override void Write(byte[] buffer, int offset, int size) => Write(buffer.AsSpan(offset, size));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        count(buffer.Length);
        inner.Write(buffer);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int size, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, size), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        count(buffer.Length);
        return inner.WriteAsync(buffer, cancellationToken);
    }

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Came(int size)
    {
        count(size);
        return size;
    }
}
