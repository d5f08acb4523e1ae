using System.Device.Gpio;
using System.Device.Gpio.Drivers;
using System.Device.I2c;
using Iot.Device.Ads1115;
using Iot.Device.Ahtxx;
using Iot.Device.Bh1750fvi;
using Iot.Device.Bmxx80;
using Iot.Device.Bmxx80.PowerMode;
using Iot.Device.DHTxx;
using Iot.Device.Lm75;
using Iot.Device.Max44009;
using Iot.Device.Mcp9808;
using Iot.Device.Scd4x;
using Iot.Device.Sht3x;
using Iot.Device.Sht4x;
using Iot.Device.Si7021;
using Iot.Device.Vl53L0X;
using Ina219Device = Iot.Device.Adc.Ina219;

namespace Messaging.Agent.Bindings;

/// <summary>Opens devices by the names that the agent's configuration has for them. Values are in the units of the agent's quantities.</summary>
internal static class DeviceDrivers
{
    /// <param name="kind">Such as <c>bme280</c>.</param>
    /// <param name="bus">The number of the I2C bus, or of the GPIO chip.</param>
    /// <param name="address">The address on the bus, or the line.</param>
    /// <param name="channel">Of a device that has several.</param>
    public static BoundDevice Open(string kind, int bus, int address, int channel) =>
        kind is "dht11" or "dht22" ? OpenDht(kind, bus, address) : OpenI2c(kind, I2cDevice.Create(new I2cConnectionSettings(bus, address)), channel);

    private static BoundDevice OpenI2c(string kind, I2cDevice i2c, int channel)
    {
        try
        {
            return kind switch
            {
                "bme280" => Bme(new Bme280(i2c)),
                "bmp280" => Bmp(new Bmp280(i2c)),
                "sht3x" => Sht3(new Sht3x(i2c)),
                "sht4x" => Sht4(new Sht4x(i2c)),
                "aht20" => Aht(new Aht20(i2c)),
                "si7021" => Si(new Si7021(i2c)),
                "scd4x" => Scd(new Scd4x(i2c)),
                "ads1115" => Ads(new Ads1115(i2c), channel),
                "ina219" => Ina(new Ina219Device(i2c)),
                "mcp9808" => Mcp(new Mcp9808(i2c)),
                "lm75" => Lm(new Lm75(i2c)),
                "vl53l0x" => Vl(new Vl53L0X(i2c)),
                "bh1750" => Bh(new Bh1750fvi(i2c)),
                "max44009" => Max(new Max44009(i2c)),
                _ => throw new IOException($"there is no driver for {kind}"),
            };
        }
        catch
        {
            i2c.Dispose();
            throw;
        }
    }

    private static BoundDevice Bme(Bme280 device) => new(values =>
    {
        device.SetPowerMode(Bmx280PowerMode.Forced);
        var read = device.Read();
        values[0] = read.Temperature?.DegreesCelsius ?? double.NaN;
        values[1] = read.Humidity?.Percent / 100 ?? double.NaN;
        values[2] = read.Pressure?.Pascals ?? double.NaN;
    }, device);

    private static BoundDevice Bmp(Bmp280 device) => new(values =>
    {
        device.SetPowerMode(Bmx280PowerMode.Forced);
        var read = device.Read();
        values[0] = read.Temperature?.DegreesCelsius ?? double.NaN;
        values[1] = read.Pressure?.Pascals ?? double.NaN;
    }, device);

    private static BoundDevice Sht3(Sht3x device) => new(values =>
    {
        values[0] = device.Temperature.DegreesCelsius;
        values[1] = device.Humidity.Percent / 100;
    }, device);

    private static BoundDevice Sht4(Sht4x device) => new(values =>
    {
        var (humidity, temperature) = device.ReadHumidityAndTemperature();
        values[0] = temperature?.DegreesCelsius ?? throw new IOException("the checksum is wrong");
        values[1] = humidity?.Percent / 100 ?? double.NaN;
    }, device);

    private static BoundDevice Aht(Aht20 device) => new(values =>
    {
        values[0] = device.GetTemperature().DegreesCelsius;
        values[1] = device.GetHumidity().Percent / 100;
    }, device);

    private static BoundDevice Si(Si7021 device) => new(values =>
    {
        values[0] = device.Temperature.DegreesCelsius;
        values[1] = device.Humidity.Percent / 100;
    }, device);

    private static BoundDevice Scd(Scd4x device)
    {
        device.StartPeriodicMeasurements();
        return new(values =>
        {
            var (dioxide, humidity, temperature) = device.ReadPeriodicMeasurement();
            values[0] = dioxide?.PartsPerMillion ?? throw new IOException("no measurement is ready");
            values[1] = temperature?.DegreesCelsius ?? double.NaN;
            values[2] = humidity?.Percent / 100 ?? double.NaN;
        }, device);
    }

    private static BoundDevice Ads(Ads1115 device, int channel) =>
        new(values => values[0] = device.ReadVoltage(InputMultiplexer.AIN0 + channel).Volts, device);

    private static BoundDevice Ina(Ina219Device device)
    {
        // For the usual board with 0.1 Ohm: 0.1 mA a bit.
        device.SetCalibration(4096, 0.1e-3F);
        return new(values =>
        {
            values[0] = device.ReadBusVoltage().Volts;
            values[1] = device.ReadCurrent().Amperes;
            values[2] = (double)device.ReadPower().Watts;
        }, device);
    }

    private static BoundDevice Mcp(Mcp9808 device) => new(values => values[0] = device.Temperature.DegreesCelsius, device);

    private static BoundDevice Lm(Lm75 device) => new(values => values[0] = device.Temperature.DegreesCelsius, device);

    private static BoundDevice Vl(Vl53L0X device) => new(values => values[0] = device.Distance is var millimetres and < (ushort)OperationRange.OutOfRange
        ? millimetres / 1000.0
        : double.NaN, device);

    private static BoundDevice Bh(Bh1750fvi device) => new(values => values[0] = device.Illuminance.Lux, device);

    private static BoundDevice Max(Max44009 device) => new(values => values[0] = device.Illuminance, device);

    private static BoundDevice OpenDht(string kind, int chip, int line)
    {
        var controller = new GpioController(new LibGpiodDriver(chip));
        DhtBase device = kind == "dht11" ? new Dht11(line, controller, shouldDispose: false) : new Dht22(line, controller, shouldDispose: false);
        return new(values =>
        {
            if (!device.TryReadTemperature(out var temperature) || !device.TryReadHumidity(out var humidity))
            {
                throw new IOException("it did not answer, or its checksum is wrong");
            }

            values[0] = temperature.DegreesCelsius;
            values[1] = humidity.Percent / 100;
        }, device, controller);
    }
}
