using System.Runtime.InteropServices;
using Messaging.Wire;

namespace Messaging.Agent.Clock;

/// <summary>
/// CLOCK_BOOTTIME and the kernel's boot id. Not CLOCK_MONOTONIC: that stands still while the machine is suspended, and what was measured
/// before a suspend would seem to be of after it.
/// </summary>
internal sealed partial class BootClock : IBootClock
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";
    private const int Monotonic = 1;
    private const int BootTime = 7;

    public BootClock() =>
        BootId = BootId.TryParse(File.ReadAllText(BootIdFile).Trim().Replace("-", "", StringComparison.Ordinal), out var id)
            ? id
            : throw new InvalidDataException(BootIdFile + " does not hold a boot id");

    public BootId BootId { get; }

    public ulong UptimeMs => Read(BootTime);

    public ulong SuspendedMs => Read(Monotonic) is var awake && Read(BootTime) is var uptime && uptime > awake ? uptime - awake : 0;

    private static ulong Read(int clock) =>
        GetTime(clock, out var time) == 0
            ? ((ulong)time.Seconds * 1000) + ((ulong)time.Nanoseconds / 1_000_000)
            : throw new InvalidOperationException($"clock_gettime({clock}) failed");

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
