using System.ComponentModel;
using System.Runtime.InteropServices;
using Messaging.Agent.Collect.Kernel;
using Messaging.Agent.Local;
using Messaging.Agent.Logs.Files;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Agent.Files;

/// <inheritdoc cref="ISources"/>
internal sealed class PhysicalSources : ISources
{
    public SourceLook? Look(string path) => FileStat.TryGetUnfollowed(new KernelPath(path), out var stat) ? Of(stat) : null;

    public ISource Open(string path) => new Source(NoFollowFile.Open(path), path);

    private static SourceLook Of(in FileStat stat) =>
        new(new SourceMark(stat.Identity.Device, stat.Identity.Inode, stat.Size, stat.ModifiedNs), stat.IsRegularFile, stat.Names, stat.User);

    private sealed class Source(SafeFileHandle handle, string path) : ISource
    {
        public SourceLook Look() => FileStat.TryGet(handle, out var stat) ? Of(stat) : default;

        public int Read(long offset, Span<byte> buffer)
        {
            var length = 0;
            while (length < buffer.Length && RandomAccess.Read(handle, buffer[length..], offset + length) is > 0 and var read)
            {
                length += read;
            }

            return length;
        }

        public void Sync()
        {
            if (LibC.FileDataSync((int)handle.DangerousGetHandle()) != 0)
            {
                throw new IOException($"{path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
            }
        }

        public void Dispose() => handle.Dispose();
    }
}
