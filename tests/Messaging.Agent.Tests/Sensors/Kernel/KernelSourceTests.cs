using Messaging.Agent.Configuration;
using Messaging.Agent.Sensors;
using Messaging.Agent.Tests.Collect;

namespace Messaging.Agent.Tests.Sensors.Kernel;

public sealed class KernelSourceTests : IDisposable
{
    private readonly KernelFolder _kernel = new();

    [Theory]
    [InlineData("temp1_input", "coretemp/temp1", "-5500", "temperature", -5.5)]
    [InlineData("in0_input", "coretemp/in0", "3312", "voltage", 3.312)]
    [InlineData("curr2_input", "coretemp/curr2", "150", "current", 0.15)]
    [InlineData("power1_input", "coretemp/power1", "2500000", "power", 2.5)]
    [InlineData("energy1_input", "coretemp/energy1", "7000000", "energy", 7)]
    [InlineData("fan1_input", "coretemp/fan1", "1200", "fan-speed", 1200)]
    [InlineData("humidity1_input", "coretemp/humidity1", "45000", "humidity", 0.45)]
    [InlineData("pwm1", "coretemp/pwm1", "51", "fan-ratio", 0.2)]
    public void Hwmon_Channel_IsReadInItsUnit(string file, string id, string content, string quantity, double expected)
    {
        _kernel.Sys("class/hwmon/hwmon0/name", "other\n").Sys("class/hwmon/hwmon3/name", "coretemp\n").Sys("class/hwmon/hwmon3/" + file, content + "\n");

        var (source, value) = Read("hwmon", id);

        Assert.Equal(quantity, Assert.Single(source.Quantities).Word);
        Assert.Equal(expected, value, 12);
    }

    [Fact]
    public void Hwmon_PluggedInAgainUnderAnotherNumber_IsFoundAgain()
    {
        _kernel.Sys("class/hwmon/hwmon3/name", "chip").Sys("class/hwmon/hwmon3/temp1_input", "1000");
        var source = Source("hwmon", "chip/temp1");
        Assert.Equal(1, Value(source));

        Directory.Delete(_kernel.Root.SysPath("class/hwmon/hwmon3"), recursive: true);
        Assert.Contains("temp1_input is not there", Assert.Throws<IOException>(() => Value(source)).Message, StringComparison.Ordinal);
        Assert.Contains("no hwmon chip 'chip'", Assert.Throws<IOException>(() => Value(source)).Message, StringComparison.Ordinal);
        _kernel.Sys("class/hwmon/hwmon7/name", "chip").Sys("class/hwmon/hwmon7/temp1_input", "2000");

        Assert.Equal(2, Value(source));
    }

    [Fact]
    public void Thermal_Zone_IsFoundByItsType()
    {
        _kernel.Sys("class/thermal/thermal_zone0/type", "a").Sys("class/thermal/thermal_zone0/temp", "1000")
            .Sys("class/thermal/thermal_zone1/type", "cpu-thermal").Sys("class/thermal/thermal_zone1/temp", "48312");

        Assert.Equal(48.312, Read("thermal", "cpu-thermal").Value, 12);
    }

    [Fact]
    public void Iio_ProcessedValue_IsRead()
    {
        _kernel.Sys("bus/iio/devices/iio:device1/name", "bme280\n").Sys("bus/iio/devices/iio:device1/in_temp_input", "23450\n")
            .Sys("bus/iio/devices/iio:device1/in_pressure_input", "101.325000000\n").Sys("bus/iio/devices/iio:device1/in_humidityrelative_input", "45678\n");

        Assert.Equal(23.45, Read("iio", "bme280/in_temp").Value, 12);
        Assert.Equal(101_325, Read("iio", "bme280/in_pressure").Value, 6);
        Assert.Equal(0.45678, Read("iio", "bme280/in_humidityrelative").Value, 12);
    }

    [Fact]
    public void Iio_RawValue_TakesItsOwnOrItsTypesScale()
    {
        const string Device = "bus/iio/devices/iio:device0/";
        _kernel.Sys(Device + "name", "ads1015").Sys(Device + "in_voltage0_raw", "100").Sys(Device + "in_voltage0_scale", "3").Sys(Device + "in_voltage0_offset", "-10")
            .Sys(Device + "in_voltage1_raw", "100").Sys(Device + "in_voltage_scale", "2.5");

        Assert.Equal(0.27, Read("iio", "ads1015/in_voltage0").Value, 12);
        Assert.Equal(0.25, Read("iio", "iio:device0/in_voltage1").Value, 12);
    }

    [Fact]
    public void OneWire_RightChecksum_GivesCelsius()
    {
        Slave("72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=23125\n");

        Assert.Equal(23.125, Read("one-wire", "28-0123456789ab").Value, 12);
    }

    [Theory]
    [InlineData("72 01 4b 46 7f ff 0e 10 57 : crc=56 NO\n72 01 4b 46 7f ff 0e 10 57 t=23125\n", "the checksum is wrong")]
    [InlineData("00 00 00 00 00 00 00 00 00 : crc=00 YES\n00 00 00 00 00 00 00 00 00 t=0\n", "nothing but zeros")]
    [InlineData("50 05 4b 46 7f ff 0c 10 1c : crc=1c YES\n50 05 4b 46 7f ff 0c 10 1c t=85000\n", "85 Cel")]
    [InlineData("72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n", "no temperature")]
    [InlineData("", "does not look as expected")]
    public void OneWire_Nonsense_IsRefused(string content, string reason)
    {
        Slave(content);

        Assert.Contains(reason, Assert.Throws<IOException>(() => Read("one-wire", "28-0123456789ab")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OneWire_85DegreesAfter84_AreBelieved()
    {
        Slave("x crc=1 YES\nx t=84000");
        var source = Source("one-wire", "28-0123456789ab");
        Assert.Equal(84, Value(source));
        Slave("x crc=1 YES\nx t=85000");

        Assert.Equal(85, Value(source));
    }

    [Fact]
    public void OneWire_WithoutItsChecksum_ReadsTheTemperatureFile()
    {
        _kernel.Sys("bus/w1/devices/28-0123456789ab/temperature", "-1250\n");

        Assert.Equal(-1.25, Read("one-wire", "28-0123456789ab").Value, 12);
    }

    [Fact]
    public void OneWire_Unplugged_SaysSo() =>
        Assert.Contains("not on the bus", Assert.Throws<IOException>(() => Read("one-wire", "28-0123456789ab")).Message, StringComparison.Ordinal);

    [Fact]
    public void OneWire_Bus_IsItsMaster()
    {
        _kernel.Sys("devices/w1_bus_master2/28-0123456789ab/temperature", "1");
        Directory.CreateDirectory(_kernel.Root.SysPath("bus/w1/devices"));
        Directory.CreateSymbolicLink(_kernel.Root.SysPath("bus/w1/devices/28-0123456789ab"), "../../../devices/w1_bus_master2/28-0123456789ab");

        Assert.Equal("w1_bus_master2", Source("one-wire", "28-0123456789ab").Bus);
    }

    [Fact]
    public void Pwm_Channel_GivesItsDutyCycle()
    {
        Directory.CreateDirectory(_kernel.Root.SysPath("class/pwm/pwmchip0"));
        Assert.Equal(0, Read("pwm", "pwmchip0/1").Value);

        _kernel.Sys("class/pwm/pwmchip0/pwm1/enable", "1").Sys("class/pwm/pwmchip0/pwm1/period", "40000").Sys("class/pwm/pwmchip0/pwm1/duty_cycle", "10000");
        Assert.Equal(0.25, Read("pwm", "pwmchip0/1").Value);

        _kernel.Sys("class/pwm/pwmchip0/pwm1/enable", "0");
        Assert.Equal(0, Read("pwm", "pwmchip0/1").Value);
        Assert.Throws<IOException>(() => Read("pwm", "pwmchip1/0"));
    }

    [Fact]
    public void File_OneNumber_IsRead()
    {
        _kernel.Sys("number", " 12.5\n").Sys("text", "12.5 V\n");

        Assert.Equal(12.5, Read("file", _kernel.Root.SysPath("number")).Value);
        Assert.Contains("holds no number", Assert.Throws<IOException>(() => Read("file", _kernel.Root.SysPath("text"))).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _kernel.Dispose();

    private void Slave(string content) => _kernel.Sys("bus/w1/devices/28-0123456789ab/w1_slave", content);

    private ISensorSource Source(string kind, string id) => SensorFactory.Create(new SensorOptions { Kind = kind, Id = id }, _kernel.Root);

    private (ISensorSource Source, double Value) Read(string kind, string id)
    {
        var source = Source(kind, id);
        return (source, Value(source));
    }

    private static double Value(ISensorSource source)
    {
        var values = new double[source.Quantities.Count];
        source.Read(values);
        return values[0];
    }
}
