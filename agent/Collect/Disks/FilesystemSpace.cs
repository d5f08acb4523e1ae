using System.Runtime.InteropServices;

namespace Messaging.Agent.Collect.Disks;

/// <summary>Bytes of a file system.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FilesystemSpace(long Total, long Used, long Available)
{
    /// <summary>Free, but only for root.</summary>
    public long Reserved => Math.Max(0, Total - Used - Available);
}
