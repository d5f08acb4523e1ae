using System.ComponentModel;
using System.Runtime.InteropServices;
using Messaging.Agent.Logs.Files;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Agent.Commands.Beneath;

/// <summary>A file that was opened beneath an allowed folder.</summary>
internal sealed class BeneathFile(SafeFileHandle handle, string path) : IPlacedFile, ITargetFile
{
    public long Length => RandomAccess.GetLength(handle);

    public int Read(long offset, Span<byte> buffer)
    {
        var total = 0;
        while (total < buffer.Length && RandomAccess.Read(handle, buffer[total..], offset + total) is > 0 and var count)
        {
            total += count;
        }

        return total;
    }

    public void Write(long offset, ReadOnlySpan<byte> data) => RandomAccess.Write(handle, data, offset);

    public void SetLength(long length) => RandomAccess.SetLength(handle, length);

    public void Sync() => Check(BeneathCalls.Sync(handle));

    public void ChangeMode(int mode) => Check(BeneathCalls.ChangeMode(handle, (uint)mode));

    public TargetLook Look() => FileStat.TryGet(handle, out var stat)
        ? new TargetLook(stat.Size, stat.ModifiedNs, stat.Permissions)
        : throw new IOException($"{path} cannot be looked at.");

    public void Dispose() => handle.Dispose();

    private void Check(int result)
    {
        if (result != 0)
        {
            throw new IOException($"{path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");
        }
    }
}
