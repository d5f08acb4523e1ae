using System.CommandLine;
using System.Globalization;
using Messaging.Cli.Hosting;
using Messaging.Cli.Server;
using Messaging.Cli.Sessions;
using Messaging.Sessions;

namespace Messaging.Cli.Verbs;

/// <summary>What push and pull say.</summary>
internal static class Transfers
{
    public static TransferProgress Progress(ParseResult parsed) =>
        new(parsed.InvocationConfiguration.Error, parsed.InvocationConfiguration.Error == Console.Error && !Console.IsErrorRedirected, TimeProvider.System);

    /// <summary>Why there is no file.</summary>
    public static CliException Failed(FileUser? user, SessionEnd end) => user?.Failure is { } own
        ? own as CliException ?? new CliException(own.Message)
        : new CliException(end.Text.Length > 0 ? end.Text : "The device has ended the session.");

    public static int Done(ParseResult parsed, bool isJson, TransferView view, string where)
    {
        if (isJson)
        {
            Show.Json(parsed, view, ViewJson.Default.TransferView);
        }
        else
        {
            Show.Lines(parsed, [TerminalText.Line(string.Create(CultureInfo.InvariantCulture, $"{where}: {view.Size} bytes, sha256 {view.Sha256}"))]);
        }

        return ExitCodes.Ok;
    }

    /// <summary>How a dry run ended.</summary>
    public static int Say(ParseResult parsed, CommandReply reply)
    {
        Show.Lines(parsed, [TerminalText.Line(reply.EndLine)]);
        return reply.IsDone ? ExitCodes.Ok : ExitCodes.Failed;
    }
}
