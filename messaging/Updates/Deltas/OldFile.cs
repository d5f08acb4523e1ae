using Microsoft.Win32.SafeHandles;

namespace Messaging.Updates.Deltas;

/// <summary>An old file on disk.</summary>
public sealed class OldFile : IOldFile, IDisposable
{
    private readonly SafeFileHandle _handle;

    private OldFile(SafeFileHandle handle)
    {
        _handle = handle;
        Length = RandomAccess.GetLength(handle);
    }

    /// <inheritdoc/>
    public long Length { get; }

    /// <summary>Opens a file, or a block device whose length the system tells.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static OldFile Open(string path) => new(File.OpenHandle(path));

    /// <inheritdoc/>
    public void Read(long offset, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var read = RandomAccess.Read(_handle, buffer, offset);
            if (read == 0)
            {
                throw new EndOfStreamException($"The old file ends at {offset} bytes; it had {Length}.");
            }

            buffer = buffer[read..];
            offset += read;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
