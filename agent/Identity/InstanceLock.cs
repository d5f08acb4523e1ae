using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Agent.Identity;

/// <summary>One agent per state folder (flock(2)): the kernel gives it up when the process ends, however it ends.</summary>
internal sealed partial class InstanceLock : IDisposable
{
    /// <summary>O_RDONLY | O_CREAT | O_CLOEXEC: also on a disk that has become read-only, which still gives away what is on it.</summary>
    private const int OpenOrCreate = 0x40 | 0x80000;
    private const uint OwnerOnly = 0x180; // 0600
    private const int ExclusiveNonBlocking = 2 | 4; // LOCK_EX | LOCK_NB
    private readonly SafeFileHandle _file;

    private InstanceLock(SafeFileHandle file) => _file = file;

    /// <summary>Null when another process holds it.</summary>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    public static InstanceLock? TryTake(string path)
    {
        // Not a FileStream: it takes a lock of its own.
        var file = Open(path, OpenOrCreate, OwnerOnly);
        if (file.IsInvalid)
        {
            var error = Marshal.GetLastPInvokeErrorMessage();
            file.Dispose();
            throw new IOException($"{path}: {error}");
        }

        if (Flock(file, ExclusiveNonBlocking) == 0)
        {
            return new InstanceLock(file);
        }

        file.Dispose();
        return null;
    }

    public void Dispose() => _file.Dispose();

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle file, int operation);
}
