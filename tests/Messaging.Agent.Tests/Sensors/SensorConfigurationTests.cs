using System.Runtime.CompilerServices;
using Messaging.Agent.Configuration;
using Messaging.Agent.Hosting;
using Messaging.Agent.Sensors;
using Messaging.Agent.Sensors.Drivers;
using Messaging.Agent.Tests.Support;

namespace Messaging.Agent.Tests.Sensors;

[Collection("Environment of the process")]
public sealed class SensorConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Load_Section_IsRead()
    {
        var sensor = Load("""
            [sensor:boiler]
            kind = One-Wire
            Id = 28-0123456789ab
            Offset = -0.5
            Interval = 2s
            WarnAbove = 8e1
            """).Sensor["Boiler"];

        Assert.Equal(("one-wire", -0.5, TimeSpan.FromSeconds(2), 80, null), (sensor.Kind, sensor.Offset, sensor.Interval, sensor.WarnAbove, sensor.WarnBelow));
    }

    [Fact]
    public void Load_ManyThingsWrong_AllAreToldWithTheirLines()
    {
        var problems = Assert.Throws<AgentOptionsException>(() => Load("""
            [Sensor:a]
            Kind = onewire
            [Sensor:b]
            Kind = one-wire
            Id = 28-xyz
            [Sensor:c]
            Kind = thermal
            Id = cpu
            WarnAbov = 1
            Nonsense = 1
            Scale = two
            [Sensor:d]
            Id = x
            [Sensor:e]
            Kind = file
            Id = /tmp/x
            [Sensor:f]
            Kind = hwmon
            Id = chip/temp1
            WarnAbove = 90
            CriticalAbove = 80
            [Sensor:g]
            Kind = hwmon
            Id = chip/temp1
            Quantity = humidity
            [Sensor]
            Kind = file
            [Sensor:not a name]
            Kind = file
            """)).Problems;

        var file = _folder.File("agent.conf");
        Assert.Equal(
            new[]
            {
                $"{file}:10: Sensor:c:Nonsense: there is no such option; there are Kind, Id, Quantity, Metric, Unit, Scale, Offset, Interval, Deadband, ReportEvery, WarnAbove, CriticalAbove, WarnBelow, CriticalBelow, Hysteresis",
                $"{file}:11: Sensor:c:Scale: 'two' is not a number such as 12, -0.5 or 1e-3",
                $"{file}:13: Sensor:d:Kind: is missing: one of {string.Join(", ", SensorKinds.All)}",
                $"{file}:15: Sensor:e:Metric: is missing: what is read has no name of its own, such as tank.level",
                $"{file}:21: Sensor:f:CriticalAbove: must be more than WarnAbove",
                $"{file}:25: Sensor:g:Quantity: it measures temperature",
                $"{file}:27: Sensor:Kind: write it in a section [Sensor:name], whose name has letters, digits, -, _ and . only",
                $"{file}:29: Sensor:not a name:Kind: write it in a section [Sensor:name], whose name has letters, digits, -, _ and . only",
                $"{file}:2: Sensor:a:Kind: 'onewire' is none of {string.Join(", ", SensorKinds.All)}",
                $"{file}:5: Sensor:b:Id: '28-xyz' is not 28-0123456789ab, as in /sys/bus/w1/devices",
                $"{file}:9: Sensor:c:WarnAbov: there is no such option; did you mean Sensor:c:WarnAbove?",
            }.Order(StringComparer.Ordinal),
            problems.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Show_Sensor_HasItsOptionsAndTheIntervalOfACommand()
    {
        _folder.Write("state/intervals.json", """{"sensor.boiler":3000}""");
        var output = new StringWriter();

        Assert.Equal(0, await ConfigCommand.ShowAsync(
            ConfigurationSources.Open(Write("[Sensor:boiler]\nKind = thermal\nId = cpu\nWarnAbove = 80\n"), new Dictionary<string, string?> { ["Device:State"] = _folder.File("state") }),
            json: false,
            output));

        var rows = output.ToString().Split('\n').Where(row => row.StartsWith("Sensor:boiler:", StringComparison.Ordinal)).Select(row => string.Join(' ', row.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ToList();
        Assert.Equal(15, rows.Count);
        Assert.Contains("Sensor:boiler:WarnAbove file:4 80", rows);
        Assert.Contains("Sensor:boiler:Scale default 1", rows);
        Assert.Contains("Sensor:boiler:Interval command 3s", rows);
        Assert.Contains("Sensor:boiler:CriticalAbove default", rows);
    }

    [Fact]
    public void Document_ListsEveryQuantityWithItsMetricAndUnit() => Assert.Equal(
        Quantities.All.Where(quantity => quantity.Metric is not null).Select(quantity => (quantity.Word, quantity.Metric!.Name, quantity.Metric.Unit)),
        Rows().Where(row => row.Length == 3 && row[1].StartsWith("`hw.", StringComparison.Ordinal)).Select(row => (row[0], row[1].Trim('`'), row[2].Trim('`'))));

    [Fact]
    public void Document_ListsEveryKind() =>
        Assert.Equal(SensorKinds.All, Rows().Select(row => row[0]).Where(SensorKinds.All.Contains));

    [Fact]
    public void Document_ListsWhatEachDeviceMeasures() => Assert.Equal(
        DriverCatalog.Kinds.Select(kind => (kind, string.Join(", ", DriverCatalog.Find(kind)!.Select(quantity => quantity.Word)))),
        Rows().Where(row => DriverCatalog.Kinds.Contains(row[0])).Select(row => (row[0], row[2])));

    [Fact]
    public void Load_DeviceOfTheBindings_NeedsAnAgentThatHasThem() => Assert.Equal(
        [$"{_folder.File("agent.conf")}:2: Sensor:room:Kind: a bme280 can be read only by an agent that was built with -p:DeviceBindings=true, and this one was not"],
        Assert.Throws<AgentOptionsException>(() => Load("[Sensor:room]\nKind = bme280\nId = i2c-1/0x76\n")).Problems);

    [Theory]
    [InlineData("bme280", "i2c-1/0x76", 1, 0x76, 0)]
    [InlineData("ads1115", "i2c-0/0x48/3", 0, 0x48, 3)]
    [InlineData("dht22", "gpiochip0/17", 0, 17, 0)]
    public void Place_Id_NamesBusAddressAndChannel(string kind, string id, int bus, int address, int channel) =>
        Assert.Equal((bus, address, channel), DriverCatalog.Place(kind, id));

    [Theory]
    [InlineData("bme280", "i2c-1")]
    [InlineData("bme280", "i2c-1/76")]
    [InlineData("bme280", "i2c-1/0x78")]
    [InlineData("bme280", "i2c-1/0x76/0")]
    [InlineData("bme280", "spi-1/0x76")]
    [InlineData("ads1115", "i2c-0/0x48")]
    [InlineData("ads1115", "i2c-0/0x48/4")]
    [InlineData("dht22", "gpiochip/17")]
    [InlineData("dht22", "i2c-1/0x17")]
    public void Place_WhatNamesNoPlace_IsNone(string kind, string id) => Assert.Null(DriverCatalog.Place(kind, id));

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<string[]> Rows([CallerFilePath] string here = "") =>
        File.ReadLines(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/reference/sensors.md")))
            .Where(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));

    private string Write(string content) => _folder.Write("agent.conf", content);

    private AgentOptions Load(string content) => AgentOptionsLoader.Load(Write(content), new Dictionary<string, string?>());
}
