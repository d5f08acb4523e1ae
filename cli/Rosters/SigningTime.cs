using Messaging.Cli.Hosting;

namespace Messaging.Cli.Rosters;

/// <summary>
/// What time is signed. Devices take the newest that roots and rosters were signed at as the least that the time can be, so it must not be
/// a guess, and not go back.
/// </summary>
internal static class SigningTime
{
    /// <summary>Clocks of two machines are not exact.</summary>
    private const long SlackMs = 5 * 60_000;

    /// <summary>
    /// Refuses a clock that is ahead of the server's: devices that took a time of next year would find every command of this year too late,
    /// and nothing that is signed later takes it back.
    /// </summary>
    /// <param name="now">This machine's clock.</param>
    /// <param name="server">The server's; null when it does not say.</param>
    /// <exception cref="CliException">One of both is wrong.</exception>
    public static void RequireNotAhead(DateTimeOffset now, DateTimeOffset? server)
    {
        if (server is { } other && (now - other).TotalMilliseconds > SlackMs)
        {
            throw new CliException(
                $"This machine's clock says {TerminalText.Time(now)}, the server's {TerminalText.Time(other)}. Nothing was signed, for devices would keep a time that is "
                + "ahead. Set the clock that is wrong.");
        }
    }

    /// <summary>Unix milliseconds.</summary>
    /// <param name="now">This machine's clock.</param>
    /// <param name="lastMs">When the fleet has last signed.</param>
    /// <exception cref="CliException">This machine's clock is wrong.</exception>
    public static long After(DateTimeOffset now, long lastMs)
    {
        var nowMs = now.ToUnixTimeMilliseconds();
        return nowMs + SlackMs >= lastMs
            ? Math.Max(nowMs, lastMs)
            : throw new CliException(
                $"This machine's clock says {TerminalText.Time(now)}, but the fleet has signed at {TerminalText.Time(lastMs)} already. Set the clock; "
                + "devices go by what is signed.");
    }
}
