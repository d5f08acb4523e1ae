using System.Globalization;
using Messaging.Agent.Collect.Kernel;
using Messaging.Agent.Configuration;

namespace Messaging.Agent.Gpio.Outputs;

/// <summary>A channel of /sys/class/pwm. It keeps its duty cycle when the agent is gone.</summary>
internal sealed class PwmOutputDriver(PwmOptions options, KernelRoot root) : IOutputDriver
{
    private const double Nanoseconds = 1e9;
    private readonly string _chip = root.SysPath("class/pwm/" + options.Id.Split('/')[0]);
    private readonly string _channel = options.Id.Split('/')[1];
    private bool _isSetUp;

    private string Folder => Path.Combine(_chip, "pwm" + _channel);

    public void Write(double value)
    {
        var period = (long)Math.Round(Nanoseconds / options.Frequency);
        try
        {
            if (!_isSetUp)
            {
                SetUp(period);
                _isSetUp = true;
            }

            Put("duty_cycle", (long)Math.Round(period * value));
            Put("enable", 1);
        }
        catch (IOException e)
        {
            _isSetUp = false;
            throw new IOException($"PWM {options.Id}: {e.Message}", e);
        }
        catch (UnauthorizedAccessException e)
        {
            _isSetUp = false;
            throw new IOException($"PWM {options.Id}: no permission to write in {Folder}", e);
        }
    }

    public void Dispose()
    {
    }

    private void SetUp(long period)
    {
        if (!Directory.Exists(_chip))
        {
            throw new IOException($"{_chip} is not there");
        }

        if (!Directory.Exists(Folder))
        {
            File.WriteAllText(Path.Combine(_chip, "export"), _channel);
        }

        // The kernel refuses a period shorter than the duty cycle of before, and any duty cycle while there is no period.
        var before = Get("period");
        if (before != period)
        {
            if (before != 0)
            {
                Put("duty_cycle", 0);
            }

            Put("period", period);
        }
    }

    private long Get(string file) =>
        long.TryParse(File.ReadAllText(Path.Combine(Folder, file)), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new IOException($"{file} is not a number");

    private void Put(string file, long value) => File.WriteAllText(Path.Combine(Folder, file), value.ToString(CultureInfo.InvariantCulture));
}
