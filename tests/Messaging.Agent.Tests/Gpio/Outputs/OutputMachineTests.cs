using Messaging.Agent.Gpio.Outputs;

namespace Messaging.Agent.Tests.Gpio.Outputs;

public sealed class OutputMachineTests
{
    [Fact]
    public void Command_WithAPulse_EndsWithTheOpposite()
    {
        var machine = new OutputMachine(0, 0, TimeSpan.Zero);

        machine.Command(1, Seconds(2), Seconds(10));
        Assert.Equal((1, Seconds(12)), (machine.Value, machine.Due));
        Assert.False(machine.Tick(Seconds(11)));
        Assert.True(machine.Tick(Seconds(12)));
        Assert.Equal((0, OutputReason.PulseEnd, null), (machine.Value, machine.Reason, machine.Due));
    }

    [Fact]
    public void Command_AfterAPulseBegan_ReplacesIt()
    {
        var machine = new OutputMachine(0, 0, TimeSpan.Zero);
        machine.Command(1, Seconds(2), Seconds(10));

        machine.Command(1, null, Seconds(11));

        Assert.Null(machine.Due);
        Assert.False(machine.Tick(Seconds(20)));
        Assert.Equal(1, machine.Value);
    }

    [Fact]
    public void Tick_ControlSilentForTooLong_GivesTheSafeValueOnce()
    {
        var machine = new OutputMachine(0, 0.25, Seconds(30));
        machine.Command(1, null, Seconds(0));
        machine.Heard(Seconds(10));
        machine.Heard(Seconds(10));
        Assert.Equal(Seconds(40), machine.Due);
        Assert.False(machine.Tick(Seconds(39)));

        Assert.True(machine.Tick(Seconds(40)));

        Assert.Equal((0.25, OutputReason.ConnectionLost, null), (machine.Value, machine.Reason, machine.Due));
        Assert.False(machine.Tick(Seconds(99)));
    }

    [Fact]
    public void Tick_ControlHeardInTime_KeepsTheValue()
    {
        var machine = new OutputMachine(0, 0, Seconds(30));
        machine.Command(1, null, Seconds(0));
        machine.Heard(Seconds(10));
        machine.Heard(Seconds(36));
        machine.Heard(Seconds(20));

        Assert.False(machine.Tick(Seconds(65)));
        Assert.True(machine.Tick(Seconds(66)));
    }

    [Fact]
    public void Heard_Again_DoesNotUndoTheSafeValue()
    {
        var machine = new OutputMachine(0, 0, Seconds(30));
        machine.Command(1, null, Seconds(0));
        machine.Heard(Seconds(0));
        machine.Tick(Seconds(30));

        machine.Heard(Seconds(31));

        Assert.False(machine.Tick(Seconds(31)));
        Assert.Equal(0, machine.Value);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(30, true)]
    public void Tick_NoSafeValueOrNoTime_NeverGivesUp(int? seconds, bool keeps)
    {
        var machine = new OutputMachine(1, keeps ? null : 0, Seconds(seconds ?? 0));
        machine.Heard(Seconds(0));

        Assert.False(machine.Tick(Seconds(1_000_000)));
        Assert.Null(machine.Due);
    }

    [Fact]
    public void Stop_DuringAPulseOfAnOutputThatKeepsItsValue_EndsThePulse()
    {
        var machine = new OutputMachine(0, null, TimeSpan.Zero);
        Assert.Null(machine.Stop());
        machine.Command(1, Seconds(2), Seconds(0));

        Assert.Equal(0, machine.Stop());
        Assert.Equal(0, machine.Value);
    }

    [Fact]
    public void Stop_SafeValue_IsTheLast()
    {
        var machine = new OutputMachine(0, 1, TimeSpan.Zero);
        machine.Command(0, Seconds(2), Seconds(0));

        Assert.Equal(1, machine.Stop());
        Assert.Equal((1, OutputReason.Stopping), (machine.Value, machine.Reason));
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
