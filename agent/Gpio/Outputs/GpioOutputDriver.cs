using Messaging.Agent.Configuration;
using Messaging.Agent.Gpio.Lines;

namespace Messaging.Agent.Gpio.Outputs;

/// <summary>A line; taken with the first value that is written, so that it never has another.</summary>
internal sealed class GpioOutputDriver(GpioOptions options, IGpio gpio) : IOutputDriver
{
    private IGpioLine? _line;

    public void Write(double value)
    {
        var level = (value >= 0.5) != (options.ActiveLow == "yes");
        if (_line is null)
        {
            _line = gpio.OpenOutput(options.Chip, options.Line, level);
            return;
        }

        try
        {
            _line.Write(level);
        }
        catch (IOException)
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _line?.Dispose();
        _line = null;
    }
}
