namespace Messaging.Agent.Sensors;

/// <summary>Reporting on change: lets a value through that is far enough from the last, or when the last is long ago. Pure.</summary>
internal sealed class ChangeFilter(double deadband, TimeSpan reportEvery)
{
    private double _last = double.NaN;
    private TimeSpan _at;

    /// <param name="value">The value.</param>
    /// <param name="now">Of a clock that never goes back.</param>
    public bool Passes(double value, TimeSpan now)
    {
        if (deadband > 0 && Math.Abs(value - _last) < deadband && now - _at < reportEvery)
        {
            return false;
        }

        (_last, _at) = (value, now);
        return true;
    }

    /// <summary>After a failure the next value is reported whatever it is.</summary>
    public void Reset() => _last = double.NaN;
}
