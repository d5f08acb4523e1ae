using Messaging.FleetServer.Storage;

namespace Messaging.FleetServer.Hosting.Demo;

/// <summary>Where a demo keeps what.</summary>
internal sealed record DemoFolder(string Path)
{
    /// <summary>The file that the agent follows.</summary>
    public string Log => Below("demo.log");

    /// <summary>Files that are moved into its folder "files" come to the server.</summary>
    public string Drop => Below("drop");

    /// <summary>Below it files may be pushed and pulled.</summary>
    public string Exchange => Below("exchange");

    /// <summary>Written when all is ready: what scripts need.</summary>
    public string Ready => Below("ready.json");

    /// <summary>What the next demo on this folder goes on with.</summary>
    public string State => Below("demo.json");

    public string AgentState => Below("agent", "state");

    public string AgentConfiguration => Below("agent", "agent.conf");

    /// <summary>What the agent says.</summary>
    public string AgentLog => Below("agent", "agent.log");

    public string Script => Below("agent", "hello.sh");

    /// <summary>One that takes its time, so that its output can be watched.</summary>
    public string SlowScript => Below("agent", "count.sh");

    /// <summary>Makes the folders and files that the agent is told of; removes the mark of an earlier readiness.</summary>
    public void Prepare()
    {
        DurableFile.CreatePrivateDirectory(Path);
        DurableFile.CreatePrivateDirectory(Below("agent"));
        DurableFile.CreatePrivateDirectory(Drop);
        DurableFile.CreatePrivateDirectory(Exchange);
        File.Delete(Ready);
        if (!File.Exists(Log))
        {
            File.WriteAllBytes(Log, []);
        }

        WriteScript(Script, ScriptText);
        WriteScript(SlowScript, SlowScriptText);

        File.WriteAllText(AgentConfiguration, Configuration());
    }

    private static void WriteScript(string path, string text)
    {
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private const string SlowScriptText =
        """
        #!/bin/sh
        # Counts, a number every half second; a warning at each tenth. It changes nothing.
        number=0
        while [ "$number" -lt "${1:-60}" ]; do
          number=$((number + 1))
          echo "number $number"
          [ $((number % 10)) -ne 0 ] || echo "warning: already $number" >&2
          sleep 0.5
        done

        """;

    private const string ScriptText =
        """
        #!/bin/sh
        # The script that the demo's agent may run: it changes nothing.
        echo "hello from $(uname -n), $(uname -sr)"
        [ $# -eq 0 ] || printf 'argument: %s\n' "$@"

        """;

    private string Configuration() =>
        $"""
        # Written anew at every start of the demo. Short intervals, so that something is to be seen at once.
        [Device]
        State = {AgentState}

        [Logs]
        Files = {Log}

        [Local]
        Drop = {Drop}

        [Intervals]
        cpu = 00:00:02
        memory = 00:00:02
        paging = 00:00:02
        disk = 00:00:02
        filesystem = 00:00:10
        network = 00:00:02
        load = 00:00:02
        temperature = 00:00:02
        uptime = 00:00:02
        processes = 00:00:05
        units = 00:00:10

        [Uplink]
        MetricsFlush = 00:00:02
        LogsFlush = 00:00:00.5

        [Commands]
        Allow = ping,collect,set-intervals,desired-set,rotate-keys,run-script,file-read,shell,push,pull
        ReadPaths = {Drop}, {Exchange}
        WritePaths = {Exchange}

        [Scripts]
        hello = {Script}
        slow-count = {SlowScript}

        """;

    private string Below(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);
}
