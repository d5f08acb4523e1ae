namespace Messaging.Agent.Trust;

/// <summary>
/// When the homes are asked. Pure. Seldom while control is heard, for it brings what is new; often when it has been silent for long: it may be
/// gone, or in the hands of somebody who brings nothing.
/// </summary>
/// <param name="interval">How often while control is heard.</param>
/// <param name="silent">How often while it is not, and how long that takes to be called silence.</param>
internal sealed class AskPlan(TimeSpan interval, TimeSpan silent)
{
    /// <summary>How long until they are to be asked, if it goes on as it is; zero: now.</summary>
    /// <param name="asked">How long ago they were asked; null: not since the start.</param>
    /// <param name="running">How long the agent has been running.</param>
    /// <param name="silence">How long control has not been heard.</param>
    /// <param name="draw">0 to 1, the same until they are asked: so that devices do not ask all at once.</param>
    public TimeSpan Due(TimeSpan? asked, TimeSpan running, TimeSpan silence, double draw) => NotNegative(
        asked is { } ago
            ? ((silence < silent ? interval : silent) * Spread(draw)) - ago

            // Soon after a start, so that a device which is on for an hour a day asks at all.
            : (silent * draw) - running);

    /// <summary>How long until that is to be looked at again: control may fall silent.</summary>
    /// <inheritdoc cref="Due"/>
    public TimeSpan Wait(TimeSpan? asked, TimeSpan running, TimeSpan silence, double draw)
    {
        var due = Due(asked, running, silence, draw);
        var whenSilent = asked is { } ago ? NotNegative(Later((silent * Spread(draw)) - ago, silent - silence)) : due;
        return whenSilent < due ? whenSilent : due;
    }

    private static double Spread(double draw) => 0.75 + (0.5 * draw);

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan NotNegative(TimeSpan time) => Later(time, TimeSpan.Zero);
}
