using System.ComponentModel;
using System.Runtime.InteropServices;
using Messaging.Agent.Collect.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Agent.Logs.Files;

/// <summary>
/// Opens other programs' files without the advisory lock that the runtime puts on what it opens: a writer that wants its log for
/// itself must not notice that it is read.
/// </summary>
internal static class LogFileHandle
{
    /// <summary>Opening a pipe that took the file's place must not wait for its writer.</summary>
    private const int NonBlocking = 0x800;
    private const int NoSuchFile = 2;
    private const int Invalid = 22;
    private const int ReadOnlyFileSystem = 30;

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It may not or cannot be opened.</exception>
    public static unsafe SafeFileHandle Open(string path)
    {
        int fd;
        fixed (byte* pointer = new KernelPath(path).Bytes)
        {
            fd = LibC.Open(pointer, LibC.ReadOnly | LibC.CloseOnExec | NonBlocking);
        }

        if (fd >= 0)
        {
            return new SafeFileHandle(fd, ownsHandle: true);
        }

        var error = Marshal.GetLastPInvokeError();
        var message = $"{path}: {new Win32Exception(error).Message}";
        throw error == NoSuchFile ? new FileNotFoundException(message, path) : new IOException(message);
    }

    /// <summary>Puts what others have written to the file on its disk; what cannot be synced, or never changes, is left alone.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static void Sync(SafeFileHandle file)
    {
        ObjectDisposedException.ThrowIf(file.IsClosed, file);
        if (LibC.FileDataSync((int)file.DangerousGetHandle()) != 0 && Marshal.GetLastPInvokeError() is not (Invalid or ReadOnlyFileSystem) and var error)
        {
            throw new IOException(new Win32Exception(error).Message);
        }
    }
}
