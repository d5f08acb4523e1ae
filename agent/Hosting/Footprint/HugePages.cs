using System.Runtime.InteropServices;

namespace Messaging.Agent.Hosting.Footprint;

/// <summary>
/// Huge pages, which kernels set to "always" (Debian's) give to whoever touches a byte of 2 MB that are mapped as a whole: the top of a thread's stack that happens to
/// end there, of which 20 KB are used, or what the garbage collector has put by.
/// </summary>
internal static partial class HugePages
{
    // prctl.h of the kernel.
    private const int SetDisabled = 41;

    /// <summary>
    /// None for what is mapped from now on, in this process and in those that it starts. To be called before anything else runs: what has one keeps it.
    /// </summary>
    /// <returns>False where the kernel has none to refuse.</returns>
    public static bool Refuse() => Prctl(SetDisabled, 1, 0, 0, 0) == 0;

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);
}
