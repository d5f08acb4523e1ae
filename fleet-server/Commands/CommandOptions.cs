namespace Messaging.FleetServer.Commands;

/// <summary>How patient the server is with commands.</summary>
internal sealed record CommandOptions
{
    /// <summary>A command that got no report is sent again after this; the wait doubles up to <see cref="LongestResend"/>.</summary>
    public TimeSpan FirstResend { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Even a device that comes back does not get it more often: replayed epochs would make it a flood.</summary>
    public TimeSpan ShortestResend { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LongestResend { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>A report may still be on its way when the command expires.</summary>
    public TimeSpan ReportGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A command that runs and is not heard of for so long, and has expired, ends as unknown.</summary>
    public TimeSpan LongestSilence { get; init; } = TimeSpan.FromMinutes(15);

    public TimeSpan ReviewInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Commands of one device that have not ended.</summary>
    public int MaxOpenPerDevice { get; init; } = 100;
}
