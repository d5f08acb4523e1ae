using Messaging.Cli.Commands;
using Messaging.Cli.Hosting;
using Messaging.Cli.Server;

namespace Messaging.Cli.Twin;

/// <summary>Watches a device until it is as it is to be like, or cannot be, and says how far it is.</summary>
/// <param name="get">Asks the server.</param>
/// <param name="time">The clock.</param>
/// <param name="progress">Where it is said.</param>
internal sealed class TwinFollower(Func<CancellationToken, Task<TwinReply>> get, TimeProvider time, TextWriter progress)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    /// <param name="longest">How long it is watched.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="CliException">The server cannot be asked any more, or the time is up.</exception>
    public async Task<TwinReply> FollowAsync(TimeSpan longest, CancellationToken ct)
    {
        var said = "";
        var (began, seen) = (time.GetTimestamp(), time.GetTimestamp());
        while (true)
        {
            string line;
            try
            {
                var reply = await get(ct);
                seen = time.GetTimestamp();
                if (reply.State is "converged" or "failed" or "none")
                {
                    return reply;
                }

                line = Line(reply);
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

            if (time.GetElapsedTime(began) >= longest)
            {
                throw new CliException($"Not within {longest.TotalSeconds:0} s: {TerminalText.Line(said)}");
            }

            await Task.Delay(Between, time, ct);
        }
    }

    /// <summary>How far it is, in a line.</summary>
    public static string Line(TwinReply reply)
    {
        var properties = reply.Reported?.Properties ?? [];
        var count = properties.Count(static one => one.State == "converged");
        var first = properties.FirstOrDefault(static one => one.State != "converged");
        return reply.State == "pending"
            ? $"pending: version {reply.Desired?.Version} is on its way (command {reply.Desired?.CommandState})"
            : $"{reply.State}: {count} of {properties.Count} converged{(first is null ? "" : $"; {first.Kind} {first.Name}: {first.Detail}")}";
    }
}
