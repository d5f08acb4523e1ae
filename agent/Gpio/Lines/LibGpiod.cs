using System.Device.Gpio;
using System.Device.Gpio.Drivers;

namespace Messaging.Agent.Gpio.Lines;

/// <summary>Lines through System.Device.Gpio and libgpiod: libgpiod.so.2 (Debian 12), else libgpiod.so.3 (Debian 13).</summary>
internal sealed class LibGpiod : IGpio, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, GpioController> _chips = [];

    public IGpioLine OpenInput(string chip, string line, GpioBias bias, Action<bool> changed) => Open(chip, line, (controller, number) =>
    {
        controller.OpenPin(number, bias switch
        {
            GpioBias.PullUp => PinMode.InputPullUp,
            GpioBias.PullDown => PinMode.InputPullDown,
            _ => PinMode.Input,
        });
        PinChangeEventHandler handler = (_, change) => changed(change.ChangeType == PinEventTypes.Rising);
        controller.RegisterCallbackForPinValueChangedEvent(number, PinEventTypes.Rising | PinEventTypes.Falling, handler);
        return new Line(this, controller, number, handler);
    });

    public IGpioLine OpenOutput(string chip, string line, bool level) => Open(chip, line, (controller, number) =>
    {
        controller.OpenPin(number, PinMode.Output, level);
        return new Line(this, controller, number, handler: null);
    });

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var controller in _chips.Values)
            {
                controller.Dispose();
            }

            _chips.Clear();
        }
    }

    private Line Open(string chip, string line, Func<GpioController, int, Line> open)
    {
        var (chipNumber, lineNumber) = GpioChips.Find(chip, line);
        lock (_gate)
        {
            return Guard($"gpiochip{chipNumber} line {lineNumber}", () =>
            {
                if (!_chips.TryGetValue(chipNumber, out var controller))
                {
                    _chips[chipNumber] = controller = new GpioController(Driver(chipNumber));
                }

                try
                {
                    return open(controller, lineNumber);
                }
                catch
                {
                    if (controller.IsPinOpen(lineNumber))
                    {
                        controller.ClosePin(lineNumber);
                    }

                    throw;
                }
            });
        }
    }

    private static GpioDriver Driver(int chip)
    {
        try
        {
            return new LibGpiodDriver(chip);
        }
        catch (PlatformNotSupportedException)
        {
            // There is no libgpiod.so.2.
            return new LibGpiodV2Driver(chip);
        }
    }

    /// <summary>The library has exceptions of several kinds, and some have only a number in their text.</summary>
    private static T Guard<T>(string what, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is not IOException)
        {
            throw new IOException($"{what}: {(e.InnerException ?? e).Message.Split('\n')[0]}", e);
        }
    }

    private sealed class Line(LibGpiod owner, GpioController controller, int number, PinChangeEventHandler? handler) : IGpioLine
    {
        private readonly string _what = $"GPIO line {number}";

        public bool Read() => Guard(_what, () =>
        {
            lock (owner._gate)
            {
                return controller.Read(number) == PinValue.High;
            }
        });

        public void Write(bool level) => Guard(_what, () =>
        {
            lock (owner._gate)
            {
                controller.Write(number, level);
                return level;
            }
        });

        public void Dispose()
        {
            lock (owner._gate)
            {
                if (!controller.IsPinOpen(number))
                {
                    return;
                }

                if (handler is not null)
                {
                    controller.UnregisterCallbackForPinValueChangedEvent(number, handler);
                }

                controller.ClosePin(number);
            }
        }
    }
}
