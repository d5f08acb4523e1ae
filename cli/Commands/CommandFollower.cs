using Messaging.Cli.Hosting;
using Messaging.Cli.Server;

namespace Messaging.Cli.Commands;

/// <summary>Watches a command until it has ended, says how far it is, and prints what it writes as it comes.</summary>
/// <param name="get">Asks the server for the command.</param>
/// <param name="getOutput">Asks the server for its output from a place on; null: nobody wants it.</param>
/// <param name="printer">Prints the output.</param>
/// <param name="time">The clock.</param>
/// <param name="progress">Where it is said.</param>
internal sealed class CommandFollower(
    Func<CancellationToken, Task<CommandReply>> get, Func<int, CancellationToken, Task<OutputReply>>? getOutput, OutputPrinter printer, TimeProvider time, TextWriter progress)
{
    /// <summary>How long a server may be away.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    /// <summary>How long the last of the output may come after the end.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    /// <exception cref="CliException">The server cannot be asked any more.</exception>
    public async Task<CommandReply> FollowAsync(CancellationToken ct)
    {
        var said = "";
        var seen = time.GetTimestamp();
        CommandReply? ended = null;
        var endedAt = seen;
        while (true)
        {
            var line = said;
            try
            {
                var reply = ended ?? await get(ct);
                if (ended is null && reply.HasEnded)
                {
                    (ended, endedAt) = (reply, time.GetTimestamp());
                }

                var isWhole = await PrintAsync(ct);
                seen = time.GetTimestamp();
                if (ended is not null && (isWhole || time.GetElapsedTime(endedAt) > Rest))
                {
                    return ended;
                }

                line = ended is null ? reply.ProgressLine : said;
            }
            catch (CliException e) when (e.Code == ExitCodes.Unavailable && time.GetElapsedTime(seen) < Patience)
            {
                line = $"{e.Message} Still trying.";
            }

            if (line != said)
            {
                await progress.WriteLineAsync(TerminalText.Line(line));
                said = line;
            }

            await Task.Delay(Between, time, ct);
        }
    }

    /// <returns>Whether nothing more will come.</returns>
    private async Task<bool> PrintAsync(CancellationToken ct)
    {
        while (getOutput is not null)
        {
            var reply = await getOutput(printer.Next, ct);
            foreach (var piece in reply.Items ?? [])
            {
                printer.Print(piece.Offset, piece.IsError, piece.Data);
            }

            if (reply.Ended)
            {
                printer.End(reply.Written);
                return true;
            }

            if (reply.Items is not { Count: > 0 })
            {
                return false;
            }
        }

        return true;
    }
}
