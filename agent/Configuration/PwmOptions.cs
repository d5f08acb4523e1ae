namespace Messaging.Agent.Configuration;

/// <summary>One section <c>[Pwm:name]</c>: an output of a PWM chip.</summary>
internal sealed class PwmOptions
{
    /// <summary><c>pwmchip0/0</c>, as in /sys/class/pwm.</summary>
    public string Id { get; set; } = "";

    /// <summary>In Hertz.</summary>
    public double Frequency { get; set; } = 1000;

    /// <summary>Share of the time that it is on, at a start.</summary>
    public double Initial { get; set; }

    /// <summary>Share of the time when nobody is in control.</summary>
    public double Safe { get; set; }

    /// <summary>Without a connection for this long, it is set to its safe value; 0: never.</summary>
    public TimeSpan SafeAfter { get; set; }
}
