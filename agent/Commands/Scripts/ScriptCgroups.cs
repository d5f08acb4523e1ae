using System.Globalization;

namespace Messaging.Agent.Commands.Scripts;

/// <summary>
/// Where scripts get cgroups of their own (cgroups(7), version 2): below that of the agent's unit, when systemd has delegated it, else nowhere. A cgroup with
/// controllers for others has no processes itself, so the agent moves into one below.
/// </summary>
internal sealed class ScriptCgroups
{
    private const string Mounts = "/proc/self/mountinfo";
    private const string Own = "/proc/self/cgroup";
    private const string AgentsOwn = "agent";
    private const string Prefix = "command-";
    private static readonly string[] Wanted = ["memory", "pids", "cpu"];
    private readonly string? _base;
    private readonly HashSet<string> _controllers = new(StringComparer.Ordinal);

    /// <param name="setting">auto; off; or the path of a cgroup without processes that the agent may use.</param>
    public ScriptCgroups(string setting)
    {
        _base = setting == "off" ? null : setting == "auto" ? Delegated() : setting;
        if (_base is null)
        {
            Reason = setting == "off" ? "Commands:Cgroup is off" : "no cgroup was delegated to the agent";
            return;
        }

        try
        {
            Clean(_base);
            foreach (var controller in Wanted)
            {
                if (TryWrite(Path.Combine(_base, "cgroup.subtree_control"), "+" + controller))
                {
                    _controllers.Add(controller);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Reason = e.Message;
            _base = null;
        }
    }

    /// <summary>Why there is none; empty when there is one.</summary>
    public string Reason { get; } = "";

    public bool Has(string controller) => _controllers.Contains(controller);

    /// <summary>What holds scripts here, in a few words.</summary>
    public string Describe() => _base is null ? $"rlimits ({Reason})"
        : _controllers.Count == Wanted.Length ? "cgroup"
        : $"cgroup with {(_controllers.Count == 0 ? "no controller" : string.Join(", ", _controllers.Order(StringComparer.Ordinal)))}";

    /// <summary>A new cgroup; null where there can be none.</summary>
    public string? Create(string name)
    {
        if (_base is null)
        {
            return null;
        }

        var path = Path.Combine(_base, Prefix + name);
        try
        {
            Directory.CreateDirectory(path);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <returns>False when the kernel does not take it, or there is no such file.</returns>
    public static bool TryWrite(string file, string text)
    {
        try
        {
            // Never made: a file of a cgroup is there, or it is another kernel.
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
            stream.Write(System.Text.Encoding.ASCII.GetBytes(text));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Those of an agent that was killed.</summary>
    private static void Clean(string path)
    {
        foreach (var left in Directory.EnumerateDirectories(path, Prefix + "*"))
        {
            TryWrite(Path.Combine(left, "cgroup.kill"), "1");
            TryRemove(left);
        }
    }

    /// <returns>False while there are processes in it.</returns>
    public static bool TryRemove(string path)
    {
        try
        {
            Directory.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Null when the agent's cgroup is nobody's but the system's.</summary>
    private static string? Delegated()
    {
        try
        {
            if (MountPoint(File.ReadLines(Mounts)) is not { } mount || OwnPath(File.ReadLines(Own)) is not { Length: > 1 } path)
            {
                return null;
            }

            var unit = mount + path;
            if (Path.GetFileName(unit) == AgentsOwn)
            {
                return Path.GetDirectoryName(unit);
            }

            // Root's own cgroups are not the agent's, though it could write there: systemd says which it has given away.
            if (!IsDelegated(unit))
            {
                return null;
            }

            var own = Path.Combine(unit, AgentsOwn);
            Directory.CreateDirectory(own);
            return TryWrite(Path.Combine(own, "cgroup.procs"), Environment.ProcessId.ToString(CultureInfo.InvariantCulture)) ? unit : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>systemd gives what it delegates to the unit's user; for a unit of root it leaves a mark since version 251.</summary>
    private static bool IsDelegated(string unit) =>
        (FileOwner.OfThisProcess() != 0 && FileOwner.Of(Path.Combine(unit, "cgroup.procs")) == FileOwner.OfThisProcess())
        || FileOwner.HasAttribute(unit, "user.delegate");

    internal static string? MountPoint(IEnumerable<string> mountInfo)
    {
        foreach (var line in mountInfo)
        {
            var fields = line.Split(' ');
            var separator = Array.IndexOf(fields, "-");
            if (separator > 4 && separator + 1 < fields.Length && fields[separator + 1] == "cgroup2")
            {
                return fields[4];
            }
        }

        return null;
    }

    internal static string? OwnPath(IEnumerable<string> cgroup)
    {
        const string Version2 = "0::";
        foreach (var line in cgroup)
        {
            if (line.StartsWith(Version2, StringComparison.Ordinal))
            {
                return line[Version2.Length..];
            }
        }

        return null;
    }
}
