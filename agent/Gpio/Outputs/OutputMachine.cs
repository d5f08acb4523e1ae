namespace Messaging.Agent.Gpio.Outputs;

/// <summary>
/// What an output is to be: what was commanded last, until a pulse ends or control has been silent for too long. Pure; time is that of a
/// clock which never goes back.
/// </summary>
internal sealed class OutputMachine(double initial, double? safe, TimeSpan safeAfter)
{
    private double _afterPulse;
    private TimeSpan? _pulseEnd;
    private TimeSpan? _heardAt;
    private bool _isGivenUp;

    public double Value { get; private set; } = initial;

    /// <summary>Why it has this value.</summary>
    public OutputReason Reason { get; private set; } = OutputReason.Initial;

    /// <summary>The next time at which <see cref="Tick"/> may change something.</summary>
    public TimeSpan? Due => (_pulseEnd, SafeDue) switch
    {
        ({ } pulse, { } lost) => pulse < lost ? pulse : lost,
        (var pulse, var lost) => pulse ?? lost,
    };

    private TimeSpan? SafeDue => safe is not null && safeAfter > TimeSpan.Zero && !_isGivenUp && _heardAt is { } at ? at + safeAfter : null;

    /// <summary>A command; one with a pulse ends with the opposite value.</summary>
    public void Command(double value, TimeSpan? pulse, TimeSpan now)
    {
        (Value, Reason) = (value, OutputReason.Command);
        _pulseEnd = now + pulse;
        _afterPulse = 1 - value;
    }

    /// <summary>When control was heard last, or the agent began to listen.</summary>
    public void Heard(TimeSpan at)
    {
        if (_heardAt is not { } last || at > last)
        {
            (_heardAt, _isGivenUp) = (at, false);
        }
    }

    /// <summary>What is due is done.</summary>
    /// <returns>Whether <see cref="Value"/> is to be written.</returns>
    public bool Tick(TimeSpan now)
    {
        var before = Value;
        if (_pulseEnd is { } end && now >= end)
        {
            _pulseEnd = null;
            (Value, Reason) = (_afterPulse, OutputReason.PulseEnd);
        }

        if (SafeDue is { } due && now >= due)
        {
            _isGivenUp = true;
            _pulseEnd = null;
            (Value, Reason) = (safe!.Value, OutputReason.ConnectionLost);
        }

        return Value != before;
    }

    /// <summary>The last value, before the agent ends; null: it stays.</summary>
    public double? Stop()
    {
        if (safe is { } last)
        {
            (Value, Reason, _pulseEnd) = (last, OutputReason.Stopping, null);
        }
        else if (_pulseEnd is not null)
        {
            // Nobody else would end it.
            (Value, Reason, _pulseEnd) = (_afterPulse, OutputReason.PulseEnd, null);
            return Value;
        }

        return safe;
    }
}
