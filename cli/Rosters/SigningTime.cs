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
