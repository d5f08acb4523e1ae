namespace Messaging.Updates.Deltas;

/// <summary>A file that a delta is applied to, or made from: read at any offset, and not changed meanwhile.</summary>
public interface IOldFile
{
    /// <summary>In bytes.</summary>
    long Length { get; }

    /// <summary>Fills the buffer from an offset on.</summary>
    /// <param name="offset">Such that the whole buffer is inside of the file.</param>
    /// <param name="buffer">What is filled.</param>
    /// <exception cref="IOException">It could not be read, or has become shorter.</exception>
    void Read(long offset, Span<byte> buffer);
}
