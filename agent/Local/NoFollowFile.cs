using System.ComponentModel;
using System.Runtime.InteropServices;
using Messaging.Agent.Collect.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Agent.Local;

/// <summary>Reads files of folders that others write to: what is a link could lead to what only the agent may read.</summary>
internal static unsafe class NoFollowFile
{
    private const int TooManyLinks = 40;
    private const int NonBlocking = 0x800;
    private const string Link = "it is a link";

    /// <summary>O_NOFOLLOW: ARM has another number.</summary>
    private static readonly int NoFollow = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 ? 0x8000 : 0x20000;

    /// <exception cref="IOException">It is not there, is a link, or may not be read.</exception>
    public static SafeFileHandle Open(string path) =>
        TryOpen(path, out var handle, out var error) ? handle : throw (error == TooManyLinks ? new IOException(Link) : Failure(path, error));

    /// <returns>Null, or why there is no content.</returns>
    /// <exception cref="IOException">It cannot be read now.</exception>
    public static string? TryRead(string path, int limit, out byte[] content)
    {
        content = [];
        if (!TryOpen(path, out var handle, out var error))
        {
            return error == TooManyLinks ? Link : throw Failure(path, error);
        }

        using var opened = handle;
        try
        {
            if (RandomAccess.GetLength(handle) > limit)
            {
                return $"it is longer than {limit} bytes";
            }
        }
        catch (NotSupportedException)
        {
            return "it is no file";
        }

        content = new byte[RandomAccess.GetLength(handle)];
        return RandomAccess.Read(handle, content, 0) == content.Length ? null : "it was changed while it was read";
    }

    private static bool TryOpen(string path, out SafeFileHandle handle, out int error)
    {
        int fd;
        fixed (byte* pointer = new KernelPath(path).Bytes)
        {
            fd = LibC.Open(pointer, LibC.ReadOnly | LibC.CloseOnExec | NonBlocking | NoFollow);
        }

        error = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
        handle = new SafeFileHandle(fd, ownsHandle: true);
        return fd >= 0;
    }

    private static IOException Failure(string path, int error) => new($"{path}: {new Win32Exception(error).Message}");
}
