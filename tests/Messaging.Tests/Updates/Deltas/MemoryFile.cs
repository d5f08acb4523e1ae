using Messaging.Updates.Deltas;

namespace Messaging.Tests.Updates.Deltas;

/// <summary>An old file in memory, that sees whether it is read as it may be.</summary>
internal sealed class MemoryFile(byte[] bytes) : IOldFile
{
    public long Length => bytes.Length;

    public int Reads { get; private set; }

    public void Read(long offset, Span<byte> buffer)
    {
        Assert.InRange(offset, 0, bytes.Length - buffer.Length);
        Reads++;
        bytes.AsSpan((int)offset, buffer.Length).CopyTo(buffer);
    }
}
