using Messaging.Agent.Twin;

namespace Messaging.Agent.Configuration;

/// <summary>
/// Everything that can be configured; one property a section of the file. firmware-scripts/agent.conf describes each option.
/// Durations may be written <c>10s</c>, <c>500ms</c>, <c>5m</c>, <c>24h</c>, <c>7d</c>; sizes <c>256MiB</c>; lists are separated by commas.
/// </summary>
internal sealed class AgentOptions
{
    public DeviceOptions Device { get; set; } = new();

    public TransportOptions Transport { get; set; } = new();

    public UplinkOptions Uplink { get; set; } = new();

    public SpoolOptions Spool { get; set; } = new();

    public CommandOptions Commands { get; set; } = new();

    /// <summary>Name of a script that commands may run -> absolute path.</summary>
    public Dictionary<string, string> Scripts { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    public TrustOptions Trust { get; set; } = new();

    public ClockOptions Clock { get; set; } = new();

    public CollectOptions Collect { get; set; } = new();

    /// <summary>Collector -> interval, instead of the collector's default.</summary>
    public Dictionary<string, TimeSpan> Intervals { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Name of a declared sensor -> how it is read.</summary>
    public Dictionary<string, SensorOptions> Sensor { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Name of a declared GPIO line -> how it is used.</summary>
    public Dictionary<string, GpioOptions> Gpio { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Name of a declared PWM output -> how it is used.</summary>
    public Dictionary<string, PwmOptions> Pwm { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    public LocalOptions Local { get; set; } = new();

    public FilesOptions Files { get; set; } = new();

    public SessionOptions Sessions { get; set; } = new();

    public LogOptions Logs { get; set; } = new();

    public SystemdOptions Systemd { get; set; } = new();

    public TwinOptions Twin { get; set; } = new();

    public UpdateOptions Updates { get; set; } = new();

    /// <summary>What of it the fleet's desired state says; no section of the file.</summary>
    internal TwinOverlay Overlay { get; set; } = TwinOverlay.None;
}
