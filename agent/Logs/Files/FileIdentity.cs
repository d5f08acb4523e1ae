using System.Runtime.InteropServices;

namespace Messaging.Agent.Logs.Files;

/// <summary>What stays when a file is renamed.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FileIdentity(ulong Device, ulong Inode)
{
    public string CheckpointKey => $"{FileLogSource.Prefix}{Device:x}-{Inode:x}";
}
