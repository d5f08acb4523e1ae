using System.Runtime.InteropServices;

namespace Messaging.Cli.Storage;

/// <summary>fsync of a directory, which the base library has no call for (open(2), fsync(2)).</summary>
internal static partial class DirectorySync
{
    private const int InvalidArgument = 22;

    /// <summary>Makes creations and renames in the folder survive a power cut.</summary>
    /// <exception cref="IOException">They may not.</exception>
    public static void Run(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(path, 0);
        if (descriptor < 0)
        {
            throw Failure(path);
        }

        try
        {
            // Some file systems cannot sync a directory and say EINVAL: then there is nothing more to be had.
            if (FSync(descriptor) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
            {
                throw Failure(path);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string path) => new($"{path}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
