using System.Runtime.InteropServices;

namespace Messaging.Agent.Hosting.Footprint;

/// <summary>
/// The heap of the C library. glibc gives threads heaps of their own, which keep the most that was ever in use, and whoever compresses a batch uses a
/// megabyte for a moment: five threads would keep five.
/// </summary>
internal static unsafe class NativeHeap
{
    // malloc.h of glibc.
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;
    private const int ArenaMax = -8;

    private const int LargestKept = 64 * 1024;

    /// <summary>One heap, whose large pieces go back to the system at once. To be called before anything else runs. Other C libraries are left alone.</summary>
    /// <returns>Whether the C library does so.</returns>
    public static bool Limit()
    {
        if (!NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "mallopt", out var address))
        {
            return false;
        }

        var set = (delegate* unmanaged<int, int, int>)address;
        return (set(ArenaMax, 1) & set(MmapThreshold, LargestKept) & set(TrimThreshold, LargestKept)) == 1;
    }

    /// <summary>Gives back what is free.</summary>
    public static void Trim()
    {
        if (NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "malloc_trim", out var address))
        {
            _ = ((delegate* unmanaged<nuint, int>)address)(0);
        }
    }
}
