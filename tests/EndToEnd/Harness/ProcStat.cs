using System.Globalization;

namespace Messaging.EndToEnd.Harness;

/// <summary>What the kernel says, read independently of the agent's own parsers.</summary>
internal static class ProcStat
{
    /// <summary>Busy and total CPU time since boot, in clock ticks (proc_stat(5): user nice system idle iowait irq softirq steal).</summary>
    public static (double Busy, double Total) Cpu()
    {
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8)
            .Select(static field => double.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        var total = ticks.Sum();
        return (total - ticks[3] - ticks[4], total);
    }

    /// <summary>Share of memory in use: 1 - MemAvailable / MemTotal (proc_meminfo(5)).</summary>
    public static double MemoryUtilization()
    {
        var fields = File.ReadLines("/proc/meminfo").Select(static line => line.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(static parts => parts[0], static parts => double.Parse(parts[1], CultureInfo.InvariantCulture));
        return 1 - (fields["MemAvailable"] / fields["MemTotal"]);
    }
}
