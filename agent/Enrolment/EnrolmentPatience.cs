namespace Messaging.Agent.Enrolment;

/// <summary>How long enrolment goes on while the server cannot be reached or is busy, and when it tries again. Pure.</summary>
/// <param name="total">As long as that; zero: once.</param>
/// <param name="random">0 to 1: a fleet that comes up together does not ask together.</param>
internal sealed class EnrolmentPatience(TimeSpan total, Func<double> random)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private int _failures;

    public TimeSpan Total => total;

    /// <summary>The server has answered: the next trouble begins with short waits.</summary>
    public void Reset() => _failures = 0;

    /// <summary>After a failure.</summary>
    /// <param name="elapsed">Since it began.</param>
    /// <param name="atLeast">What the server wants.</param>
    /// <returns>How long to wait, or null when the patience is over. The last try is at its end.</returns>
    public TimeSpan? Next(TimeSpan elapsed, TimeSpan atLeast)
    {
        var doubled = First * Math.Pow(2, Math.Min(_failures++, 10));
        var wait = (doubled < Longest ? doubled : Longest) * (0.5 + (random() / 2));
        wait = wait > atLeast ? wait : atLeast;
        var rest = total - elapsed;
        return rest <= TimeSpan.Zero ? null : wait < rest ? wait : rest;
    }
}
