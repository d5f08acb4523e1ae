using System.Globalization;
using System.Runtime.InteropServices;

namespace Messaging.Agent.Commands.Scripts;

/// <summary>
/// What holds one script and all that it starts: a cgroup where there is one, its session, and limits of the process for what the cgroup cannot hold.
/// </summary>
internal sealed partial class ScriptCage
{
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private const int AddressSpace = 9;
    private const int CoreSize = 4;
    private const long CpuPeriodMicroseconds = 100_000;
    private readonly ScriptLimits _limits;
    private readonly string? _cgroup;
    private readonly bool _holdsMemory;
    private int _leader;

    public ScriptCage(ScriptCgroups cgroups, ScriptLimits limits, string name)
    {
        _limits = limits;
        _cgroup = cgroups.Create(name);
        if (_cgroup is null)
        {
            Bounds = "rlimits";
            return;
        }

        Bounds = "cgroup";
        if (limits.Memory > 0)
        {
            _holdsMemory = cgroups.Has("memory") && Set("memory.max", limits.Memory);
            Set("memory.swap.max", 0);

            // All of the script, not one of its processes: the rest would wait for what does not come.
            Set("memory.oom.group", 1);
        }

        if (limits.Processes > 0)
        {
            Set("pids.max", limits.Processes);
        }

        if (limits.CpuPermille > 0)
        {
            ScriptCgroups.TryWrite(
                Path.Combine(_cgroup, "cpu.max"), string.Create(CultureInfo.InvariantCulture, $"{limits.CpuPermille * CpuPeriodMicroseconds / 1000} {CpuPeriodMicroseconds}"));
        }

        // Measuring comes first.
        Set("cpu.weight", 50);
    }

    /// <summary>What holds the script, in a word.</summary>
    public string Bounds { get; private set; }

    /// <summary>The kernel killed it, for it wanted more memory.</summary>
    public bool IsOutOfMemory => Count("memory.events", "oom_kill ") + Count("memory.events", "oom_group_kill ") > 0;

    /// <summary>It wanted more processes than it may have.</summary>
    public bool WasRefusedProcesses => Count("pids.events", "max ") > 0;

    /// <summary>Holds a process that has done nothing yet.</summary>
    /// <exception cref="IOException">It cannot be held.</exception>
    public void Take(int process)
    {
        _leader = process;
        if (_cgroup is not null && !ScriptCgroups.TryWrite(Path.Combine(_cgroup, "cgroup.procs"), process.ToString(CultureInfo.InvariantCulture)))
        {
            throw new IOException($"The script cannot be put into {_cgroup}.");
        }

        SetLimit(process, CoreSize, 0);
        if (_limits.Memory > 0 && !_holdsMemory)
        {
            Bounds = _cgroup is null ? "rlimits" : "cgroup and rlimits";
            SetLimit(process, AddressSpace, (ulong)_limits.Memory);
        }
    }

    /// <summary>Asks all of it to end.</summary>
    public void Terminate()
    {
        SignalSession(SigTerm);
        foreach (var process in Processes())
        {
            _ = Signal(process, SigTerm);
        }
    }

    /// <summary>Ends all of it.</summary>
    public void Kill()
    {
        SignalSession(SigKill);
        if (_cgroup is not null && !ScriptCgroups.TryWrite(Path.Combine(_cgroup, "cgroup.kill"), "1"))
        {
            // Before Linux 5.14: once more for those that were made meanwhile.
            for (var i = 0; i < 3; i++)
            {
                foreach (var process in Processes())
                {
                    _ = Signal(process, SigKill);
                }
            }
        }
    }

    /// <returns>False while something of it is still there.</returns>
    public bool TryClose() => _cgroup is null || ScriptCgroups.TryRemove(_cgroup);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);

    [LibraryImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    private static unsafe partial int Limit(int process, int resource, Limits* now, Limits* before);

    private static unsafe void SetLimit(int process, int resource, ulong value)
    {
        var limits = new Limits { Current = value, Maximum = value };
        if (Limit(process, resource, &limits, null) != 0)
        {
            throw new IOException("The script cannot be held in its limits: " + Marshal.GetLastPInvokeErrorMessage());
        }
    }

    private void SignalSession(int signal)
    {
        if (_leader > 1)
        {
            _ = Signal(-_leader, signal);
        }
    }

    private bool Set(string file, long value) => ScriptCgroups.TryWrite(Path.Combine(_cgroup!, file), value.ToString(CultureInfo.InvariantCulture));

    private List<int> Processes()
    {
        var processes = new List<int>();
        foreach (var line in Lines("cgroup.procs"))
        {
            if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var process))
            {
                processes.Add(process);
            }
        }

        return processes;
    }

    private long Count(string file, string name)
    {
        foreach (var line in Lines(file))
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && long.TryParse(line.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                return count;
            }
        }

        return 0;
    }

    private string[] Lines(string file)
    {
        try
        {
            return _cgroup is null ? [] : File.ReadAllLines(Path.Combine(_cgroup, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another kernel, or a controller that is not there.
            return [];
        }
    }

    /// <summary>struct rlimit of 64-bit systems.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Limits
    {
        public ulong Current;
        public ulong Maximum;
    }
}
