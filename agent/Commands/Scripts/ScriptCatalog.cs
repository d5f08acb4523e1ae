using Messaging.Agent.Configuration;

namespace Messaging.Agent.Commands.Scripts;

/// <summary>
/// The programs that the device's owner allows: those of the section Scripts and every executable of the scripts' folder. None that
/// somebody else than root or the agent's own user could have changed.
/// </summary>
internal sealed class ScriptCatalog(AgentOptions options)
{
    public const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Names of those that may be run now, in order.</summary>
    public IReadOnlyList<string> Names => [.. Candidates.Where(name => Check(name) is null)];

    /// <summary>Also of those that are not run as they are.</summary>
    public IReadOnlyCollection<string> Candidates
    {
        get
        {
            var names = new SortedSet<string>(options.Scripts.Keys, StringComparer.Ordinal);
            if (Directory.Exists(options.Commands.ScriptsDirectory))
            {
                names.UnionWith(Directory.EnumerateFiles(options.Commands.ScriptsDirectory).Select(path => Path.GetFileName(path)).Where(name => name[0] != '.'));
            }

            return names;
        }
    }

    /// <summary>Null when there is no such script.</summary>
    public string? PathOf(string name)
    {
        if (options.Scripts.TryGetValue(name, out var configured))
        {
            return configured;
        }

        // A name is a name, never a path.
        return options.Commands.ScriptsDirectory.Length == 0 || name.Length == 0 || name[0] == '.' || name.Contains('/', StringComparison.Ordinal)
            ? null
            : Path.Combine(options.Commands.ScriptsDirectory, name);
    }

    /// <summary>Null, or why it is not run, for people.</summary>
    public string? Check(string name)
    {
        if (PathOf(name) is not { } path || !File.Exists(path))
        {
            return $"There is no script {name} on this device.";
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return !IsOwnersAlone(path) || !IsOwnersAlone(folder)
            ? $"{path} or its folder could have been changed by others than root and the agent's user: it is not run."
            : (File.GetUnixFileMode(path) & Executable) == UnixFileMode.None ? $"{path} is not executable." : null;
    }

    private static bool IsOwnersAlone(string path) =>
        (File.GetUnixFileMode(path) & WritableByOthers) == UnixFileMode.None
        && FileOwner.Of(path) is { } owner
        && (owner == 0 || owner == FileOwner.OfThisProcess());
}
