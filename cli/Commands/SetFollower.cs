using Messaging.Cli.Hosting;
using Messaging.Cli.Server;

namespace Messaging.Cli.Commands;

/// <summary>Watches a command to many devices until all have ended, and says how many are how far.</summary>
/// <param name="get">Asks the server.</param>
/// <param name="time">The clock.</param>
/// <param name="progress">Where it is said.</param>
internal sealed class SetFollower(Func<CancellationToken, Task<CommandSetReply>> get, TimeProvider time, TextWriter progress)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    /// <exception cref="CliException">The server cannot be asked any more.</exception>
    public async Task<CommandSetReply> FollowAsync(CancellationToken ct)
    {
        var said = "";
        var seen = time.GetTimestamp();
        while (true)
        {
            string line;
            try
            {
                var reply = await get(ct);
                seen = time.GetTimestamp();
                if (reply.HasEnded)
                {
                    return reply;
                }

                line = reply.ProgressLine;
            }
            catch (CliException e) when (e.Code == ExitCodes.Unavailable && time.GetElapsedTime(seen) < CommandFollower.Patience)
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
}
