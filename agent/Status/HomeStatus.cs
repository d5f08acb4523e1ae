namespace Messaging.Agent.Status;

/// <summary>A home that was asked.</summary>
/// <param name="home">A base address.</param>
/// <param name="askedAt">When.</param>
/// <param name="outcome">What came of it, for people.</param>
internal sealed class HomeStatus(string home, DateTimeOffset askedAt, string outcome)
{
    public string Home { get; } = home;

    public DateTimeOffset AskedAt { get; } = askedAt;

    public string Outcome { get; } = outcome;
}
