using System.Runtime.InteropServices;

namespace Messaging.Agent.Tests.Disk;

/// <summary>What is on a medium.</summary>
internal sealed record CrashImage(Dictionary<string, (CrashInode Inode, byte[] Content)> Files, HashSet<string> Folders)
{
    public static string FolderOf(string path) => path.LastIndexOf('/') is var at and >= 0 ? path[..at] : ".";

    /// <summary>What is new is zero.</summary>
    public static void Resize(List<byte> content, int length)
    {
        var before = content.Count;
        CollectionsMarshal.SetCount(content, length);
        if (length > before)
        {
            CollectionsMarshal.AsSpan(content)[before..].Clear();
        }
    }

    public static void Put(List<byte> content, int offset, ReadOnlySpan<byte> bytes)
    {
        if (content.Count < offset + bytes.Length)
        {
            Resize(content, offset + bytes.Length);
        }

        bytes.CopyTo(CollectionsMarshal.AsSpan(content)[offset..]);
    }
}
