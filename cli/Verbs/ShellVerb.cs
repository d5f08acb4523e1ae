using System.CommandLine;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Sessions;
using Messaging.Commands;
using Messaging.Sessions;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl shell</c></summary>
internal static class ShellVerb
{
    private const string DefaultTerminal = "xterm-256color";
    private static readonly TerminalSize DefaultSize = new(80, 24);

    public static System.CommandLine.Command Create(CommonOptions common, ITerminal terminal)
    {
        var device = new Argument<string>("DEVICE") { Description = "32 hexadecimal digits." };
        var opening = new SessionOpening(common, terminal, device);
        var verb = new Verb(
            "shell",
            "Opens a terminal on a device, sealed between here and there: neither the relay nor the server can read it or type into it. "
            + "~. at the beginning of a line leaves it. A lost connection is taken up again. Exit code: that of the shell.",
            ("fleetctl shell 4fa2... --key alice.pem", "sits down at the device"),
            ("echo 'df -h; exit' | fleetctl shell 4fa2... --key alice.pem --passphrase-file phrase", "for programs"))
        {
            device,
        };
        opening.AddTo(verb);
        return verb.Runs(async (parsed, ct) =>
        {
            var type = Environment.GetEnvironmentVariable("TERM") is { Length: > 0 and <= ShellArguments.MaxTerminalBytes } known ? known : DefaultTerminal;
            var end = await opening.RunAsync(
                parsed,
                static text => text,
                CommandTypes.Shell,
                SessionLink.FirstWindow,
                (id, key) => new ShellArguments(id, key, Size(), type).Encode(),
                () => new ShellUser(Console.OpenStandardInput(), Console.OpenStandardOutput(), parsed.InvocationConfiguration.Error, new RawTerminal(), Size),
                ct);
            if (end.Reason == SessionEndReason.Done && end.ExitCode is { } code)
            {
                return code;
            }

            Show.Note(parsed, TerminalText.Line("fleetctl: " + (end.Text.Length > 0 ? end.Text : "Closed.")));
            return end.Reason == SessionEndReason.Closed ? ExitCodes.Ok : ExitCodes.Failed;
        });
    }

    private static TerminalSize Size()
    {
        if (Console.IsOutputRedirected)
        {
            return DefaultSize;
        }

        try
        {
            return TerminalSize.Of(Console.WindowWidth, Console.WindowHeight);
        }
        catch (IOException)
        {
            return DefaultSize;
        }
    }
}
