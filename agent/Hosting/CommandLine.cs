using System.CommandLine;

namespace Messaging.Agent.Hosting;

/// <summary>The command line. docs/reference/agent.md describes it.</summary>
internal static class CommandLine
{
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
        var root = new RootCommand("Sends this machine's measurements and logs to its fleet, encrypted end to end, and obeys the commands that its owner allows.")
        {
            run,
            EnrollCommand.Create(settings),
            StatusVerb.Create(settings),
            ConfigCommand.Create(settings),
            SafeOutputsCommand.Create(settings),
            HelperCommand.Create(),
            LoginCommand.Create(),
            PackagesCommand.Create(),
            UpdatesCommand.Create(),
            VersionCommand.Create(),
        };
        settings.AddTo(root);
        root.Action = run.Action;
        Help.AddTo(root);
        return root;
    }
}
