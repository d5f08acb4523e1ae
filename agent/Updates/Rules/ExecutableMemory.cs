using System.Runtime.InteropServices;

namespace Messaging.Agent.Updates.Rules;

/// <summary>
/// Whether a program may make code while it runs. The unit of the native build forbids it (MemoryDenyWriteExecute), and the trimmed build, which compiles, ends there with a segmentation fault at its start.
/// </summary>
internal static partial class ExecutableMemory
{
    private const nuint Page = 4096;

    // mman.h of Linux.
    private const int ReadWriteExecute = 7;
    private const int PrivateAnonymous = 0x22;
    private const nint Failed = -1;

    // errno.h: a seccomp filter says the one, the kernel's own refusal and SELinux the other.
    private const int NotPermitted = 1;
    private const int AccessDenied = 13;

    /// <summary>True where this process, and so the next one of its unit, gets no memory that is both writable and executable.</summary>
    public static bool IsForbidden()
    {
        var memory = Map(0, Page, ReadWriteExecute, PrivateAnonymous, -1, 0);
        if (memory == Failed)
        {
            return Marshal.GetLastPInvokeError() is NotPermitted or AccessDenied;
        }

        _ = Unmap(memory, Page);
        return false;
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
