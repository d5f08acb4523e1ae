using System.CommandLine;

namespace Messaging.Agent.Hosting;

/// <summary>The command line. docs/reference/agent.md describes it.</summary>
internal static class CommandLine
{
    private const string Examples = """
        Examples:
          messaging-agent enroll mt1.hQF4...          let this device into a fleet
          messaging-agent enroll - < token.txt        the same, keeping the token out of the process list
          messaging-agent run                         run (what the systemd unit does)
          messaging-agent run --set Uplink:LogsFlush=500ms --set Logs:Files=/var/log/app.log
        """;

    /// <summary>Returns the exit code.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args);

        // Each command ends itself on a signal: running on means losing nothing.
        return parsed.Errors.Count > 0
            ? Task.FromResult(Failure.Say(string.Join(" ", parsed.Errors.Select(error => error.Message)) + " See messaging-agent --help", ExitCodes.Usage))
            : parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static RootCommand Create()
    {
        var settings = new SettingsOptions();
        var run = RunCommand.Create(settings);
        var root = new RootCommand("Sends this machine's measurements and logs to its fleet, encrypted end to end, and obeys the commands that its owner allows.\n\n" + Examples)
        {
            run,
            EnrollCommand.Create(settings),
            VersionCommand.Create(),
        };
        settings.AddTo(root);
        root.Action = run.Action;
        return root;
    }
}
