using System.Runtime.InteropServices;

namespace Messaging.Agent.Identity;

/// <summary>One agent per state folder (flock(2)): the kernel gives it up when the process ends, however it ends.</summary>
internal sealed partial class InstanceLock : IDisposable
{
    private const int ExclusiveNonBlocking = 2 | 4; // LOCK_EX | LOCK_NB
    private readonly FileStream _file;

    private InstanceLock(FileStream file) => _file = file;

    /// <summary>Null when another process holds it.</summary>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    public static InstanceLock? TryTake(string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite | FileShare.Delete,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }

        if (Flock((int)file.SafeFileHandle.DangerousGetHandle(), ExclusiveNonBlocking) == 0)
        {
            return new InstanceLock(file);
        }

        file.Dispose();
        return null;
    }

    public void Dispose() => _file.Dispose();

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(int descriptor, int operation);
}
