using Microsoft.Win32.SafeHandles;

namespace Messaging.Agent.Disk;

internal sealed class PhysicalDiskFile(string path, FileStream stream, bool canWrite) : IDiskFile
{
    private FileStream _stream = stream;
    private bool _canWrite = canWrite;

    public long Length => RandomAccess.GetLength(_stream.SafeFileHandle);

    public int Read(long offset, Span<byte> buffer)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var count = RandomAccess.Read(_stream.SafeFileHandle, buffer[total..], offset + total);
            if (count == 0)
            {
                break;
            }

            total += count;
        }

        return total;
    }

    public void Write(long offset, ReadOnlySpan<byte> data) => RandomAccess.Write(Writable(), data, offset);

    public void SetLength(long length) => RandomAccess.SetLength(Writable(), length);

    public void Sync() => RandomAccess.FlushToDisk(Writable());

    public void Dispose() => _stream.Dispose();

    /// <summary>Opened while the disk was read-only: it may take writes by now.</summary>
    private SafeFileHandle Writable()
    {
        if (!_canWrite)
        {
            var writable = PhysicalDisk.Open(path, create: false, FileAccess.ReadWrite);
            _stream.Dispose();
            (_stream, _canWrite) = (writable, true);
        }

        return _stream.SafeFileHandle;
    }
}
