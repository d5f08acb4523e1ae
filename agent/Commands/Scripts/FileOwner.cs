using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Messaging.Agent.Commands.Scripts;

/// <summary>Who owns a file: statx(2), whose structure is the same on every architecture.</summary>
internal static unsafe partial class FileOwner
{
    private const int CurrentDirectory = -100;
    private const uint WantUserId = 0x8;
    private const int UserIdAt = 20;
    private const int StructureBytes = 256;

    /// <summary>The user id, of what a link leads to; null when it cannot be told.</summary>
    public static uint? Of(string path)
    {
        Span<byte> result = stackalloc byte[StructureBytes];
        fixed (byte* pointer = result)
        {
            return StatX(CurrentDirectory, path, 0, WantUserId, pointer) == 0 && (BinaryPrimitives.ReadUInt32LittleEndian(result) & WantUserId) != 0
                ? BinaryPrimitives.ReadUInt32LittleEndian(result[UserIdAt..])
                : null;
        }
    }

    /// <summary>The user that this process acts as: what it makes belongs to that one.</summary>
    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint OfThisProcess();

    /// <summary>Whether the file has an extended attribute.</summary>
    public static bool HasAttribute(string path, string name) => GetAttribute(path, name, null, 0) >= 0;

    [LibraryImport("libc", EntryPoint = "getxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetAttribute(string path, string name, byte* value, nint size);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, byte* result);
}
