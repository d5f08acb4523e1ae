namespace Messaging.Agent.Uplink;

/// <summary>How long to wait for an acknowledgement: doubles with each resend, jittered, and starts anew with each acknowledgement.</summary>
internal sealed class ResendPolicy(TimeSpan first, TimeSpan maximum, Func<double> random)
{
    private int _resends;

    public TimeSpan Next()
    {
        var ticks = Math.Min(first.Ticks * Math.Pow(2, _resends), maximum.Ticks);

        // A fleet that lost its server must not come back in step.
        return TimeSpan.FromTicks((long)(ticks * (0.75 + (random() * 0.5))));
    }

    public void Resent() => _resends = Math.Min(_resends + 1, 30);

    public void Reset() => _resends = 0;
}
