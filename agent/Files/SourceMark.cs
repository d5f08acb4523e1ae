using System.Runtime.InteropServices;

namespace Messaging.Agent.Files;

/// <summary>By what a file is known to be the one that was read before, unchanged.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SourceMark(ulong Device, ulong Inode, long Size, long ModifiedNs);
