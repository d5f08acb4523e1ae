namespace Messaging.FleetServer.Enrolment;

/// <summary>What tokens say, and how many requests may come.</summary>
internal sealed record EnrolmentOptions
{
    /// <summary>Where devices find this server: https://, or http:// on loopback.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>Requests that one address may send in a burst: a bench full of new devices.</summary>
    public int Burst { get; init; } = 60;

    /// <summary>Requests a second that one address may go on with.</summary>
    public int PerSecond { get; init; } = 2;

    /// <summary>The longest that an answer is held back.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Answers that may be held back at a time; beyond, devices ask again.</summary>
    public int MaxWaiting { get; init; } = 1000;
}
