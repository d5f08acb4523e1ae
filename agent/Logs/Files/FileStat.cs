using System.Runtime.InteropServices;
using Messaging.Agent.Collect.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Agent.Logs.Files;

/// <summary>statx(2), whose structure is the same on every architecture.</summary>
/// <param name="Identity">Device and inode.</param>
/// <param name="Size">Bytes.</param>
/// <param name="IsRegularFile">Not a folder, pipe, socket or device.</param>
/// <param name="ModifiedNs">Last change of the content.</param>
/// <param name="CreatedNs">Birth; where the file system does not keep it, the last change.</param>
/// <param name="Names">How many hard links there are.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Permissions">0 to 0777 octal.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe partial record struct FileStat(FileIdentity Identity, long Size, bool IsRegularFile, long ModifiedNs, long CreatedNs, uint Names, uint User, int Permissions)
{
    private const int CurrentFolder = -100;
    private const int EmptyPath = 0x1000;
    private const int NoFollow = 0x100;
    private const uint BirthTime = 0x800;
    private const uint TypeModeLinksUserSizeTimesInode = 0x1 | 0x2 | 0x4 | 0x8 | 0x200 | 0x100 | 0x40 | BirthTime;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int PermissionMask = 0x1FF;

    /// <summary>Follows symbolic links.</summary>
    /// <returns>False when there is nothing at the path or it cannot be looked at.</returns>
    public static bool TryGet(in KernelPath path, out FileStat stat)
    {
        fixed (byte* pointer = path.Bytes)
        {
            return TryGet(CurrentFolder, pointer, 0, out stat);
        }
    }

    /// <summary>Looks at a symbolic link itself.</summary>
    public static bool TryGetUnfollowed(in KernelPath path, out FileStat stat)
    {
        fixed (byte* pointer = path.Bytes)
        {
            return TryGet(CurrentFolder, pointer, NoFollow, out stat);
        }
    }

    /// <exception cref="ObjectDisposedException">The file is closed.</exception>
    public static bool TryGet(SafeFileHandle file, out FileStat stat)
    {
        ObjectDisposedException.ThrowIf(file.IsClosed, file);
        var empty = (byte)0;
        return TryGet((int)file.DangerousGetHandle(), &empty, EmptyPath, out stat);
    }

    private static bool TryGet(int folder, byte* path, int flags, out FileStat stat)
    {
        StatX result = default;
        if (Call(folder, path, flags, TypeModeLinksUserSizeTimesInode, &result) != 0)
        {
            stat = default;
            return false;
        }

        stat = new(
            new(((ulong)result.DeviceMajor << 32) | result.DeviceMinor, result.Inode),
            (long)result.Size,
            (result.Mode & TypeMask) == RegularFile,
            result.Modified.TotalNs,
            (result.Mask & BirthTime) != 0 ? result.Created.TotalNs : result.Modified.TotalNs,
            result.Links,
            result.User,
            result.Mode & PermissionMask);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "statx")]
    private static partial int Call(int folder, byte* path, int flags, uint mask, StatX* result);

    [StructLayout(LayoutKind.Sequential)]
    private struct StatX
    {
        public uint Mask;
        public uint BlockSize;
        public ulong Attributes;
        public uint Links;
        public uint User;
        public uint Group;
        public ushort Mode;
        public ushort Spare;
        public ulong Inode;
        public ulong Size;
        public ulong Blocks;
        public ulong AttributesMask;
        public Timestamp Accessed;
        public Timestamp Created;
        public Timestamp Changed;
        public Timestamp Modified;
        public uint SpecialMajor;
        public uint SpecialMinor;
        public uint DeviceMajor;
        public uint DeviceMinor;
        public fixed ulong Rest[14];
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Timestamp
    {
        public long Seconds;
        public uint Nanoseconds;
        public int Spare;

        public readonly long TotalNs => (Seconds * 1_000_000_000) + Nanoseconds;
    }
}
