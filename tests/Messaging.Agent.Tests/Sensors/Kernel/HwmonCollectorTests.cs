using Messaging.Agent.Collect;
using Messaging.Agent.Sensors.Kernel;
using Messaging.Agent.Tests.Collect;
using Messaging.Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Sensors.Kernel;

public sealed class HwmonCollectorTests : IDisposable
{
    private readonly KernelFolder _kernel = new();
    private readonly RecordedEvents _events = new();

    [Fact]
    public async Task Collect_Chip_GivesWhatItMeasuresButTemperatures()
    {
        const string Chip = "class/hwmon/hwmon2/";
        _kernel.Sys(Chip + "name", "ina219\n").Sys(Chip + "temp1_input", "20000").Sys(Chip + "in1_input", "5100").Sys(Chip + "in1_label", "supply\n")
            .Sys(Chip + "curr1_input", "250").Sys(Chip + "power1_input", "1250000").Sys(Chip + "fan1_input", "900").Sys(Chip + "pwm1", "255").Sys(Chip + "pwm1_enable", "1")
            .Sys(Chip + "in1_max", "6000");

        var samples = await RecordedSamples.Of(Collector());

        Assert.Equal(5.1, samples["hw.voltage{hw.id=hwmon:ina219:in1,hw.name=ina219,hw.sensor_location=supply}"], 12);
        Assert.Equal(0.25, samples["hw.current{hw.id=hwmon:ina219:curr1,hw.name=ina219}"], 12);
        Assert.Equal(1.25, samples["hw.power{hw.id=hwmon:ina219:power1,hw.name=ina219,hw.type=power}"], 12);
        Assert.Equal(900, samples["hw.fan.speed{hw.id=hwmon:ina219:fan1,hw.name=ina219}"]);
        Assert.Equal(1, samples["hw.fan.speed_ratio{hw.id=hwmon:ina219:pwm1,hw.name=ina219}"], 12);
        Assert.Equal(5, samples.Values.Count);
    }

    [Fact]
    public async Task Collect_Alarm_IsAnEventWhenItComesAndWhenItGoes()
    {
        _kernel.Sys("class/hwmon/hwmon1/name", "rpi_volt").Sys("class/hwmon/hwmon1/in0_lcrit_alarm", "0");
        var collector = Collector();
        foreach (var state in "0110")
        {
            _kernel.Sys("class/hwmon/hwmon1/in0_lcrit_alarm", state + "\n");
            Assert.Empty((await RecordedSamples.Of(collector)).Values);
        }

        Assert.Equal(
            ["hardware.alarm hwmon:rpi_volt:in0_lcrit:alarm on", "hardware.alarm hwmon:rpi_volt:in0_lcrit:alarm off"],
            _events.All.Select(e => $"{e.Name} {RecordedEvents.Attribute(e, "alarm")} {RecordedEvents.Attribute(e, "state")}"));
    }

    [Fact]
    public async Task Collect_NoChip_IsUnavailable() => await Assert.ThrowsAsync<CollectorUnavailableException>(() => RecordedSamples.Of(Collector()));

    public void Dispose() => _kernel.Dispose();

    private HwmonCollector Collector() => new(_kernel.Root, _events, new FakeTimeProvider());
}
