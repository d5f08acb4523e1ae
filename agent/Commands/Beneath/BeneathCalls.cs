using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Agent.Commands.Beneath;

/// <summary>
/// Calls of the C library that begin at an open folder. <c>openat</c> is variadic in C; on the platforms of the agent that makes no difference to the
/// calling convention.
/// </summary>
internal static unsafe partial class BeneathCalls
{
    public const int CurrentDirectory = -100;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int NoSuchFile = 2;
    public const int Exists = 17;
    public const int NotAFolder = 20;
    public const int TooManyLinks = 40;

    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64;

    /// <summary>O_NOFOLLOW: ARM has other numbers for both.</summary>
    public static int NoFollow => IsArm ? 0x8000 : 0x20000;

    /// <summary>O_DIRECTORY.</summary>
    public static int Folder => IsArm ? 0x4000 : 0x10000;

    /// <summary>Neither a device nor a pipe or a socket: statx(2), whose structure is the same everywhere.</summary>
    public static bool IsPlainFile(SafeFileHandle file)
    {
        const int EmptyPath = 0x1000;
        const uint WantType = 1;
        const int ModeAt = 28;
        Span<byte> result = stackalloc byte[256];
        fixed (byte* pointer = result)
        {
            return StatX(file, "", EmptyPath, WantType, pointer) == 0 && (BinaryPrimitives.ReadUInt16LittleEndian(result[ModeAt..]) & 0xf000) == 0x8000;
        }
    }

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle OpenAt(SafeFileHandle folder, string name, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle OpenAt(int folder, string name, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(SafeFileHandle folder, string path, int flags, uint mask, byte* result);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RenameAt(SafeFileHandle from, string name, SafeFileHandle to, string newName);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LinkAt(SafeFileHandle from, string name, SafeFileHandle to, string newName, int flags);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int UnlinkAt(SafeFileHandle folder, string name, int flags);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    public static partial int ChangeMode(SafeFileHandle file, uint mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(SafeFileHandle file);
}
