using System.Runtime.InteropServices;

namespace Messaging.Agent.Collect.Kernel;

/// <summary>
/// The few calls of the C library that let kernel files be read without garbage. <c>open</c> is variadic in C, but with no more
/// than its two named arguments the calling convention is the plain one on every Linux platform that .NET supports.
/// </summary>
internal static unsafe partial class LibC
{
    public const int ReadOnly = 0;
    public const int CloseOnExec = 0x80000;
    public const int Interrupted = 4;

    private const int ScClkTck = 2;
    private const int ScPageSize = 30;

    /// <summary>Clock ticks a second in /proc (USER_HZ).</summary>
    public static long TicksPerSecond { get; } = SysConf(ScClkTck) is var ticks and > 0 ? ticks : 100;

    public static long PageSize { get; } = SysConf(ScPageSize) is var size and > 0 ? size : 4096;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    internal static partial int Open(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int fd, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    internal static partial int FileDataSync(int fd);

    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "opendir", SetLastError = true)]
    internal static partial nint OpenDir(byte* path);

    [LibraryImport("libc", EntryPoint = "readdir64", SetLastError = true)]
    internal static partial DirectoryEntry* ReadDir(nint directory);

    [LibraryImport("libc", EntryPoint = "closedir")]
    internal static partial int CloseDir(nint directory);

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true)]
    internal static partial nint ReadLink(byte* path, byte* buffer, nint size);

    [LibraryImport("libc", EntryPoint = "statvfs64", SetLastError = true)]
    internal static partial int StatVfs(byte* path, StatVfsResult* result);

    [LibraryImport("libc", EntryPoint = "sysconf")]
    private static partial nint SysConf(int name);

    /// <summary>struct dirent64 of glibc.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct DirectoryEntry
    {
        public ulong Inode;
        public long Offset;
        public ushort Length;
        public byte Type;
        public fixed byte Name[256];
    }

    /// <summary>struct statvfs64 of glibc, followed by room for its reserved fields.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct StatVfsResult
    {
        public nuint BlockSize;
        public nuint FragmentSize;
        public ulong Blocks;
        public ulong FreeBlocks;
        public ulong AvailableBlocks;
        public ulong Files;
        public ulong FreeFiles;
        public ulong AvailableFiles;
        public fixed byte Rest[128];
    }
}
