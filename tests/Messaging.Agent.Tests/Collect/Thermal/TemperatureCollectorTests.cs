using Messaging.Agent.Collect;
using Messaging.Agent.Collect.Thermal;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Collect.Thermal;

public sealed class TemperatureCollectorTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Collect_ThermalZone_GivesCelsius()
    {
        using var kernel = new KernelFolder().Sys("class/thermal/thermal_zone0/type", "cpu-thermal\n").Sys("class/thermal/thermal_zone0/temp", "48312\n");

        var samples = await RecordedSamples.Of(new TemperatureCollector(kernel.Root, _time));

        Assert.Equal(48.312, samples["hw.temperature{hw.id=thermal_zone:cpu-thermal,hw.name=cpu-thermal}"]);
    }

    [Fact]
    public async Task Collect_Hwmon_NamesTheSensorByItsLabel()
    {
        using var kernel = new KernelFolder()
            .Sys("class/hwmon/hwmon3/name", "coretemp\n")
            .Sys("class/hwmon/hwmon3/temp1_input", "-5000\n").Sys("class/hwmon/hwmon3/temp1_label", "Package id 0\n")
            .Sys("class/hwmon/hwmon3/temp2_input", "41000\n");

        var samples = await RecordedSamples.Of(new TemperatureCollector(kernel.Root, _time));

        Assert.Equal(-5, samples["hw.temperature{hw.id=hwmon:coretemp:temp1,hw.name=coretemp,hw.sensor_location=Package id 0}"]);
        Assert.Equal(41, samples["hw.temperature{hw.id=hwmon:coretemp:temp2,hw.name=coretemp}"]);
    }

    [Fact]
    public async Task Collect_HwmonThatRepeatsAThermalZone_CountsOnce()
    {
        using var kernel = new KernelFolder()
            .Sys("class/thermal/thermal_zone0/type", "cpu-thermal\n").Sys("class/thermal/thermal_zone0/temp", "48312\n")
            .Sys("class/hwmon/hwmon0/name", "cpu_thermal\n").Sys("class/hwmon/hwmon0/temp1_input", "48312\n");
        Directory.CreateSymbolicLink(kernel.Root.SysPath("class/hwmon/hwmon0/device"), kernel.Root.SysPath("class/thermal/thermal_zone0"));

        Assert.Single((await RecordedSamples.Of(new TemperatureCollector(kernel.Root, _time))).Values);
    }

    [Fact]
    public async Task Collect_TwoAlike_GetIdsOfTheirOwn()
    {
        using var kernel = new KernelFolder();
        foreach (var zone in new[] { "thermal_zone0", "thermal_zone1" })
        {
            kernel.Sys($"class/thermal/{zone}/type", "acpitz").Sys($"class/thermal/{zone}/temp", "1000");
        }

        Assert.Equal(
            ["hw.temperature{hw.id=thermal_zone:acpitz#2,hw.name=acpitz}", "hw.temperature{hw.id=thermal_zone:acpitz,hw.name=acpitz}"],
            (await RecordedSamples.Of(new TemperatureCollector(kernel.Root, _time))).Values.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Collect_SensorThatCannotAnswer_IsLeftOut()
    {
        using var kernel = new KernelFolder()
            .Sys("class/thermal/thermal_zone0/type", "a").Sys("class/thermal/thermal_zone0/temp", "not now")
            .Sys("class/thermal/thermal_zone1/type", "b").Sys("class/thermal/thermal_zone1/temp", "20000");

        Assert.Equal(["hw.temperature{hw.id=thermal_zone:b,hw.name=b}"], (await RecordedSamples.Of(new TemperatureCollector(kernel.Root, _time))).Values.Keys);
    }

    [Fact]
    public async Task Collect_NoSensors_IsUnavailableUntilOneAppears()
    {
        using var kernel = new KernelFolder();
        var collector = new TemperatureCollector(kernel.Root, _time);

        var error = await Assert.ThrowsAsync<CollectorUnavailableException>(() => RecordedSamples.Of(collector));
        Assert.Contains("no thermal zone", error.Message, StringComparison.Ordinal);

        kernel.Sys("class/thermal/thermal_zone0/type", "a").Sys("class/thermal/thermal_zone0/temp", "1");
        Assert.Single((await RecordedSamples.Of(collector)).Values);
    }
}
