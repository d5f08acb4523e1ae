using System.Runtime.InteropServices;

namespace Messaging.Agent.Clock;

/// <summary>
/// What the kernel says of its clock (adjtimex; chrony, ntpd and systemd-timesyncd tell it, and setting the clock by hand takes it back),
/// and whether systemd-timesyncd has reached a server in this boot.
/// </summary>
internal sealed partial class KernelDiscipline : IClockDiscipline
{
    private const string TimesyncdMark = "/run/systemd/timesync/synchronized";

    /// <summary>TIME_ERROR: the clock is not synchronised.</summary>
    private const int NotSynchronised = 5;

    /// <summary>More than struct timex has on any machine; all zero asks and changes nothing. Its answer is not read, only the result.</summary>
    private const int TimexBytes = 512;

    public bool IsSynchronised
    {
        get
        {
            Span<long> timex = stackalloc long[TimexBytes / sizeof(long)];
            timex.Clear();
            return Adjust(ref MemoryMarshal.GetReference(timex)) is >= 0 and not NotSynchronised || File.Exists(TimesyncdMark);
        }
    }

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    private static partial int Adjust(ref long timex);
}
