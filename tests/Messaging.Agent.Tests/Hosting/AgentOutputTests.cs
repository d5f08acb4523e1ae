using Messaging.Agent.Tests.Support;
using Messaging.Commands;
using Messaging.Streams;
using Messaging.Telemetry;

namespace Messaging.Agent.Tests.Hosting;

/// <summary>Outputs of the real program, on a PWM chip of files.</summary>
public sealed class AgentOutputTests
{
    [Fact]
    public async Task Pwm_StartCommandKillAndStop_HasTheRightDutyCycleThroughout()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var sys = Path.Combine(fixture.Folder, "sys");
        var channel = Directory.CreateDirectory(Path.Combine(sys, "class/pwm/pwmchip0/pwm1")).FullName;
        foreach (var file in new[] { "period", "duty_cycle", "enable" })
        {
            File.WriteAllText(Path.Combine(channel, file), "0");
        }

        string[] settings =
        [
            "Collect:Sys=" + sys, "Commands:Allow=pwm-set,gpio-set", "Pwm:fan:Id=pwmchip0/1", "Pwm:fan:Frequency=25000", "Pwm:fan:Initial=0.25", "Pwm:fan:Safe=0.5",
        ];
        var agent = await fixture.RunConnectedAsync(settings);
        await Eventually.True(() => Duty() == "10000", "the initial value of 25 % of 40 us");
        Assert.Equal(("40000", "1"), (Read("period"), Read("enable")));

        var set = Make(fixture, CommandTypes.PwmSet, new PwmSetArguments("fan", 900).Encode());
        await fixture.Control.SendAsync(set);
        Assert.Equal("fan is on for 90 % of the time.", (await fixture.Control.ResultAsync(set.Content.Id, CommandState.Done)).Message);
        Assert.Equal("36000", Duty());

        var other = Make(fixture, CommandTypes.GpioSet, new GpioSetArguments("pump", true, null).Encode());
        await fixture.Control.SendAsync(other);
        Assert.Equal("No GPIO output is called pump on this device.", (await fixture.Control.ResultAsync(other.Content.Id, CommandState.Rejected)).Message);
        await fixture.Control.UntilAsync(
            () => fixture.Control.Records.Any(r => r.Type == RecordType.DeviceInfo && DeviceInfo.TryDecode(r.Content, out var info) && info.Facts.Contains(new("pwm.outputs", "fan"))),
            "the device tells its outputs",
            60);

        await agent.KillAsync();
        Assert.Equal("36000", Duty());
        var arguments = settings.SelectMany(setting => new[] { "--set", setting }).ToArray();
        var (code, output) = await AgentProcess.RunAsync(fixture.State, ["safe-outputs", .. arguments]);
        Assert.True(code == 0, output);
        Assert.Contains("fan: 0.5", output, StringComparison.Ordinal);
        Assert.Equal("20000", Duty());

        agent = await fixture.RunConnectedAsync(settings);
        await Eventually.True(() => Duty() == "10000", "the initial value again");
        agent.Terminate();
        Assert.Equal(0, await agent.ExitAsync(60));
        Assert.Equal("20000", Duty());

        string Read(string file) => File.ReadAllText(Path.Combine(channel, file));

        string Duty() => Read("duty_cycle");
    }

    private static Command Make(AgentFixture fixture, string type, byte[] arguments) =>
        fixture.Control.MakeCommand(type, change: c => c with { Arguments = arguments, Freshness = fixture.Control.Fresh() });
}
