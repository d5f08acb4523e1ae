namespace Messaging.Agent.Transport.Choice;

/// <summary>The times that <see cref="EndpointChoice"/> goes by.</summary>
internal sealed record ChoiceSettings
{
    /// <summary>The shortest keep-alive that a link which dies when idle is given.</summary>
    public static readonly TimeSpan KeepAliveMinimum = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestProof = TimeSpan.FromSeconds(20);

    public required TimeSpan ConnectTimeout { get; init; }

    public required TimeSpan KeepAlive { get; init; }

    public required TimeSpan BackoffMinimum { get; init; }

    public required TimeSpan BackoffMaximum { get; init; }

    /// <summary>How soon a better transport is tried from a worse one; twice as long after each failure, up to <see cref="ProbeMaximum"/>.</summary>
    public required TimeSpan ProbeInterval { get; init; }

    /// <summary>A connection that lived this long was a good one.</summary>
    public TimeSpan Stable => ProbeInterval < LongestProof ? ProbeInterval : LongestProof;

    public TimeSpan ProbeMaximum => ProbeInterval > TimeSpan.FromHours(1) ? ProbeInterval : TimeSpan.FromHours(1);
}
