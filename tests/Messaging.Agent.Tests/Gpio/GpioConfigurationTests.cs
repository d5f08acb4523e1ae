using Messaging.Agent.Configuration;
using Messaging.Agent.Tests.Support;

namespace Messaging.Agent.Tests.Gpio;

[Collection("Environment of the process")]
public sealed class GpioConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Load_ThingsWrong_AreToldWithTheirLines()
    {
        var file = _folder.Write("agent.conf", """
            [Gpio:door]
            Direction = input
            [Gpio:pump]
            Line = GPIO27
            Direction = output
            Debounce = 10ms
            [Gpio:pump2]
            Line = GPIO27
            Direction = out
            SafeAfter = 1m
            [Gpio:bell]
            Line = 3
            Initial = on
            [Pwm:fan]
            Id = pwm0
            Frequency = 0
            [Pwm:light]
            Id = pwm0
            """);

        Assert.Equal(
            new[]
            {
                $"{file}:10: Gpio:pump2:SafeAfter: is for an output: set Direction = output",
                $"{file}:13: Gpio:bell:Initial: is for an output: set Direction = output",
                $"{file}:15: Pwm:fan:Id: 'pwm0' is not pwmchip0/0, as in /sys/class/pwm",
                $"{file}:16: Pwm:fan:Frequency: '0' is too little: it must be 1 to 10000000",
                $"{file}:18: Pwm:light:Id: 'pwm0' is not pwmchip0/0, as in /sys/class/pwm",
                $"{file}:2: Gpio:door:Line: is missing: the line's name, such as GPIO17, or its number on the chip",
                $"{file}:6: Gpio:pump:Debounce: is for an input: set Direction = input",
                $"{file}:8: Gpio:pump2:Line: 'GPIO27' is already the line of Gpio:pump",
                $"{file}:9: Gpio:pump2:Direction: 'out' is none of input, output",
            }.Order(StringComparer.Ordinal),
            Assert.Throws<AgentOptionsException>(() => AgentOptionsLoader.Load(file, new Dictionary<string, string?>())).Problems.Order(StringComparer.Ordinal));
    }

    public void Dispose() => _folder.Dispose();
}
