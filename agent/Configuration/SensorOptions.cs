namespace Messaging.Agent.Configuration;

/// <summary>One section <c>[Sensor:name]</c>.</summary>
internal sealed class SensorOptions
{
    /// <summary>Where the value comes from: <c>one-wire</c>, <c>hwmon</c>, <c>iio</c>, <c>thermal</c>, <c>pwm</c> or <c>file</c>.</summary>
    public string Kind { get; set; } = "";

    /// <summary>Which one; its form depends on the kind.</summary>
    public string Id { get; set; } = "";

    /// <summary>Which of the values of a device that has several; empty: all.</summary>
    public string Quantity { get; set; } = "";

    /// <summary>The metric's name; empty: that of the quantity.</summary>
    public string Metric { get; set; } = "";

    /// <summary>The metric's unit (UCUM); empty: that of the quantity.</summary>
    public string Unit { get; set; } = "";

    /// <summary>What is reported is what was read, times this ...</summary>
    public double Scale { get; set; } = 1;

    /// <summary>... plus this.</summary>
    public double Offset { get; set; }

    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Values nearer than this to the one reported last are left out; 0: none are.</summary>
    public double Deadband { get; set; }

    /// <summary>With a deadband, a value is reported at least this often.</summary>
    public TimeSpan ReportEvery { get; set; } = TimeSpan.FromMinutes(5);

    public double? WarnAbove { get; set; }

    public double? CriticalAbove { get; set; }

    public double? WarnBelow { get; set; }

    public double? CriticalBelow { get; set; }

    /// <summary>How far a value has to come back behind a limit until it counts as back.</summary>
    public double Hysteresis { get; set; }
}
