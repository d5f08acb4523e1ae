namespace Messaging.Agent.Configuration;

internal sealed class CommandOptions
{
    /// <summary>Command types that this device obeys, from anybody.</summary>
    public string Allow { get; set; } = "ping,collect,set-intervals,desired-set,rotate-keys,update";

    /// <summary>Units that <c>restart-unit</c> may restart; <c>*</c> is a wildcard.</summary>
    public string Units { get; set; } = "";

    /// <summary>Every executable in this folder may be run by its name, besides those of the section Scripts.</summary>
    public string ScriptsDirectory { get; set; } = "/etc/messaging-agent/scripts";

    public TimeSpan ScriptTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Bytes of memory of a script and all that it starts; 0: no limit.</summary>
    public long ScriptMemory { get; set; } = 512 * 1024 * 1024;

    /// <summary>Processes and threads of a script; 0: no limit.</summary>
    public int ScriptProcesses { get; set; } = 256;

    /// <summary>Percent of one processor that a script may use; 0: no limit.</summary>
    public int ScriptCpu { get; set; }

    /// <summary>Between asking a script to end and killing it.</summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>auto; off; or the path of a cgroup in which scripts get theirs.</summary>
    public string Cgroup { get; set; } = "auto";

    /// <summary>The last of a command's output that its report holds.</summary>
    public long OutputBytes { get; set; } = 64 * 1024;

    /// <summary>The first of a command's output that is sent while it runs.</summary>
    public long StreamBytes { get; set; } = 1024 * 1024;

    /// <summary>Programs that <c>run-inline</c> may hand a script to.</summary>
    public string Interpreters { get; set; } = "";

    /// <summary>Folders below which <c>file-read</c> and <c>pull</c> may read.</summary>
    public string ReadPaths { get; set; } = "";

    /// <summary>Folders below which <c>file-write</c> and <c>push</c> may write.</summary>
    public string WritePaths { get; set; } = "";

    /// <summary>Packages that <c>packages</c> may name; <c>*</c> is a wildcard.</summary>
    public string Packages { get; set; } = "";

    /// <summary>How long <c>packages</c> may take.</summary>
    public TimeSpan PackageTimeout { get; set; } = TimeSpan.FromHours(1);

    public TimeSpan UnitTimeout { get; set; } = TimeSpan.FromSeconds(90);

    public IReadOnlyList<string> AllowList() => ValueList.Split(Allow);

    public IReadOnlyList<string> InterpreterList() => ValueList.Split(Interpreters);

    public IReadOnlyList<string> ReadPathList() => ValueList.Split(ReadPaths);

    public IReadOnlyList<string> WritePathList() => ValueList.Split(WritePaths);

    public IReadOnlyList<string> PackageList() => ValueList.Split(Packages);

    public IReadOnlyList<string> UnitList() => ValueList.Split(Units);
}
