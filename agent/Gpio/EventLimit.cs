namespace Messaging.Agent.Gpio;

/// <summary>Lets a burst of reports through and then one now and then; counts the others. Pure.</summary>
internal sealed class EventLimit
{
    public const int Burst = 10;
    public static readonly TimeSpan Refill = TimeSpan.FromSeconds(1);
    private double _left = Burst;
    private TimeSpan _at;

    /// <summary>How many were held back since the last that passed.</summary>
    public long Suppressed { get; private set; }

    public bool TryPass(TimeSpan now, out long suppressed)
    {
        _left = Math.Min(Burst, _left + ((now - _at) / Refill));
        _at = now;
        suppressed = Suppressed;
        if (_left < 1)
        {
            Suppressed++;
            return false;
        }

        _left--;
        Suppressed = 0;
        return true;
    }
}
