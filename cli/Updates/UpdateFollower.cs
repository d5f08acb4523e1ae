using Messaging.Cli.Commands;
using Messaging.Cli.Hosting;

namespace Messaging.Cli.Updates;

/// <summary>Watches updates until they have ended, and says how far they are.</summary>
/// <param name="time">The clock.</param>
/// <param name="progress">Where it is said.</param>
internal sealed class UpdateFollower(TimeProvider time, TextWriter progress)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);

    /// <summary>One device's.</summary>
    /// <param name="get">Asks the server; null: it has nothing of it yet.</param>
    /// <param name="ct">Ends it; the update goes on.</param>
    /// <exception cref="CliException">The server cannot be asked any more.</exception>
    public Task<UpdateReply> FollowAsync(Func<CancellationToken, Task<UpdateReply?>> get, CancellationToken ct) =>
        FollowAsync(get, static reply => reply.Ended, UpdateText.Line, ct);

    /// <summary>Those of a command to many.</summary>
    /// <inheritdoc cref="FollowAsync(Func{CancellationToken, Task{UpdateReply}}, CancellationToken)"/>
    public Task<UpdateTotalsReply> FollowAsync(Func<CancellationToken, Task<UpdateTotalsReply?>> get, CancellationToken ct) =>
        FollowAsync(get, static reply => reply is { HasEnded: true, Total: > 0 }, static reply => reply.ProgressLine, ct);

    private async Task<T> FollowAsync<T>(Func<CancellationToken, Task<T?>> get, Func<T, bool> hasEnded, Func<T, string> line, CancellationToken ct)
        where T : class
    {
        var (said, seen) = ("", time.GetTimestamp());
        while (true)
        {
            var now = "";
            try
            {
                var reply = await get(ct);
                seen = time.GetTimestamp();
                if (reply is not null && hasEnded(reply))
                {
                    return reply;
                }

                now = reply is null ? "" : line(reply);
            }
            catch (CliException e) when (e.Code == ExitCodes.Unavailable && time.GetElapsedTime(seen) < CommandFollower.Patience)
            {
                now = $"{e.Message} Still trying.";
            }

            if (now != said)
            {
                await progress.WriteLineAsync(TerminalText.Line(now));
                said = now;
            }

            await Task.Delay(Between, time, ct);
        }
    }
}
