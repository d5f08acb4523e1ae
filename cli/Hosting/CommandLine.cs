using System.CommandLine;
using Messaging.Cli.Keys;
using Messaging.Cli.Verbs;
using Messaging.Cli.Verbs.Artifacts;

namespace Messaging.Cli.Hosting;

/// <summary>What can be typed after fleetctl.</summary>
internal static class CommandLine
{
    /// <summary>What Ctrl+C interrupts may take so long to end in order: a session says good-bye to the device.</summary>
    private static readonly TimeSpan TerminationTime = TimeSpan.FromSeconds(10);

    /// <summary>Returns the exit code.</summary>
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var parsed = Create(ConsoleTerminal.Instance).Parse(args);
        return parsed.Errors.Count > 0
            ? Task.FromResult(Failure.Say(error, string.Join(" ", parsed.Errors.Select(one => one.Message)) + " See fleetctl --help", ExitCodes.Usage))
            : parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = TerminationTime });
    }

    private static RootCommand Create(ITerminal terminal)
    {
        var common = new CommonOptions();
        var root = new RootCommand(
            "For a fleet's owners and operators: keys that the server does not have, whom devices trust, and commands that are signed where the key is.")
        {
            new Command("key", "Makes and shows keys.") { KeyCreateVerb.Create(terminal), KeyShowVerb.Create(terminal), KeyTokensVerb.Create() },
            new Command("trust", "Whom the fleet's devices trust.") { TrustShowVerb.Create(common), TrustTakeOverVerb.Create(common, terminal), TrustSaveVerb.Create(common) },
            new Command("roster", "Who may have devices do what.")
            {
                RosterAddVerb.Create(common, terminal),
                RosterRemoveVerb.Create(common, terminal),
                RosterRenewVerb.Create(common, terminal),
                RosterReplaceServerVerb.Create(common, terminal),
            },
            PolicyVerbs.Create(common, terminal),
            new Command("root", "The keys above all others.") { RootRotateVerb.Create(common, terminal), RootOwnersVerb.Create(common, terminal) },
            CommandVerb.Create(common, terminal),
            TwinVerbs.Create(common, terminal),
            UpdateVerb.Create(common, terminal),
            UpdatesVerb.Create(common),
            ShellVerb.Create(common, terminal),
            PushVerb.Create(common, terminal),
            PullVerb.Create(common, terminal),
            RecordingVerbs.Create(common, terminal),
            AuditVerbs.Create(common),
            ArtifactVerbs.Create(common, terminal),
            new Command("config", "Which server and which fleet, so that it need not be typed.") { ConfigSetVerb.Create(common), ConfigShowVerb.Create(common) },
        };
        common.AddTo(root);
        Help.AddTo(root);
        return root;
    }
}
