namespace Messaging.Agent.Disk;

/// <summary>An open file; every failure of the medium is an <see cref="IOException"/>.</summary>
internal interface IDiskFile : IDisposable
{
    long Length { get; }

    /// <summary>Reads up to the end of the file; returns the count of bytes read.</summary>
    int Read(long offset, Span<byte> buffer);

    void Write(long offset, ReadOnlySpan<byte> data);

    void SetLength(long length);

    /// <summary>Returns when everything written so far survives a power cut (fsync).</summary>
    void Sync();
}
