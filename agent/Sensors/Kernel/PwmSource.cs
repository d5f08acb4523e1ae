using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Sensors.Kernel;

/// <summary>The share of the time that a PWM channel is on, as its files say; 0 when it is disabled or nobody has exported it.</summary>
internal sealed class PwmSource(KernelRoot root, string chip, string channel) : ISensorSource
{
    private readonly string _chip = root.SysPath("class/pwm/" + chip);
    private readonly string _folder = root.SysPath($"class/pwm/{chip}/pwm{channel}");
    private readonly KernelPath _enable = new(root.SysPath($"class/pwm/{chip}/pwm{channel}/enable"));
    private readonly KernelPath _duty = new(root.SysPath($"class/pwm/{chip}/pwm{channel}/duty_cycle"));
    private readonly KernelPath _period = new(root.SysPath($"class/pwm/{chip}/pwm{channel}/period"));
    private readonly KernelValue _value = new();

    public IReadOnlyList<Quantity> Quantities => [Sensors.Quantities.DutyCycle];

    public string? Bus => null;

    public void Read(Span<double> values)
    {
        if (!Directory.Exists(_chip))
        {
            throw new IOException($"{_chip} is not there");
        }

        values[0] = !Directory.Exists(_folder) || _value.Read(_enable) == 0 || _value.Read(_period) is not (> 0 and var period)
            ? 0
            : _value.Read(_duty) / period;
    }
}
