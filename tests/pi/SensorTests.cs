using System.Globalization;
using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;
using Messaging.Pi.Harness;

namespace Messaging.Pi;

/// <summary>
/// Chips on the board's I2C bus and its PWM controller: through the kernel's drivers, and through those that the agent brings itself.
/// What the chips measure is set from outside, so that what arrives at the server can be compared with it.
/// </summary>
public sealed class SensorTests(RaspberryPi pi) : IClassFixture<RaspberryPi>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData(21)]
    [InlineData(64)]
    public async Task Hwmon_OfAChipOnTheBus_IsWhatTheChipMeasures(int degrees)
    {
        // The emulator counts the chip's diodes from 0, the kernel from 1; the kernel's driver reads whole degrees.
        await pi.Board.Machine.Set("thermometer", "temperature0", degrees * 1000);

        await Arrives("hw.temperature", "chip", degrees, 0.01);
    }

    [Theory]
    [InlineData(37_500)]
    [InlineData(-5_000)]
    public async Task Binding_OfAChipWithoutAKernelDriver_IsWhatTheChipMeasures(int millidegrees)
    {
        Assert.SkipWhen(Board.IsNative, "Drivers of Iot.Device.Bindings are in the trimmed build only.");
        await pi.Board.Machine.Set("probe", "temperature", millidegrees);

        await Arrives("hw.temperature", "probe", millidegrees / 1000.0, 0.2);
    }

    [Fact]
    public async Task Iio_OfAMagnetometer_IsWhatTheKernelSays()
    {
        await pi.Board.Machine.Set("compass", "mag-x", 40_000);
        var raw = double.Parse((await pi.Console.Run("cat /sys/bus/iio/devices/iio:device*/in_magn_x_raw")).Trim(), CultureInfo.InvariantCulture);
        var scale = double.Parse((await pi.Console.Run("cat /sys/bus/iio/devices/iio:device*/in_magn_x_scale")).Trim(), CultureInfo.InvariantCulture);
        Assert.NotEqual(0, raw);

        // The kernel's unit is gauss.
        await Arrives("hw.magnetic_flux_density", "compass", raw * scale / 10_000, Math.Abs(raw * scale / 10_000) / 20);
    }

    [Fact]
    public async Task PwmSet_OfTheController_SetsPeriodAndDutyCycle()
    {
        var set = await pi.Command("pwm-set", new JsonObject { ["name"] = "fan", ["duty"] = 0.25 });

        Assert.True(set["state"]!.GetValue<string>() == "done", set.ToJsonString());
        Assert.Equal("1\n10000000\n2500000", (await pi.Console.Run("cd /sys/class/pwm/pwmchip0/pwm0 && cat enable period duty_cycle")).Trim());

        await pi.Console.Run("systemctl stop messaging-agent");
        Assert.Equal("10000000", (await pi.Console.Run("cat /sys/class/pwm/pwmchip0/pwm0/duty_cycle")).Trim());
        await pi.Console.Run("systemctl start messaging-agent");
        await pi.Online();
    }

    private Task Arrives(string metric, string sensor, double expected, double tolerance) => Eventually.Is(
        string.Create(CultureInfo.InvariantCulture, $"{metric} of {sensor} is {expected}"), Patience, async () =>
        (await pi.Fleet.Api.Get($"{pi.Device}/metrics?name={metric}&attribute=hw.name={sensor}&from=0&limit=100000"))["points"]!.AsArray().Any(point =>
            Math.Abs(point!["value"]!.GetValue<double>() - expected) <= tolerance));
}
