using Messaging.Agent.Spool;
using Messaging.Agent.Tests.Hosting;
using Messaging.Agent.Tests.Support;
using Messaging.Agent.Uplink.Flow;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Uplink.Flow;

public sealed class ControlPauseTests
{
    private readonly FixedBootClock _boot = new();
    private readonly RecordedEvents _events = new();
    private readonly ControlPause _pause;
    private ulong _said;

    public ControlPauseTests() => _pause = new ControlPause(_boot, _events);

    [Fact]
    public void Receive_APause_HoldsUntilItsUptime()
    {
        Say(61_000);

        Assert.Equal(TimeSpan.FromMinutes(1), _pause.Left);
        _boot.UptimeMs = 61_000;
        Assert.Equal(TimeSpan.Zero, _pause.Left);
        Assert.Equal(["uplink.paused"], _events.Names);
    }

    [Fact]
    public void Receive_TooLate_DoesNothing()
    {
        _boot.UptimeMs = 100_000;

        Say(61_000);

        Assert.Equal(TimeSpan.Zero, _pause.Left);
        Assert.Empty(_events.Names);
    }

    [Fact]
    public void Receive_OfAnotherBoot_DoesNothing()
    {
        _pause.Receive(new Pause(BootId.Generate(), 61_000, PauseCause.Operator), new AckPosition(default, 1, 1));

        Assert.Equal(TimeSpan.Zero, _pause.Left);
    }

    [Fact]
    public void Receive_ForEver_IsBounded()
    {
        Say(ulong.MaxValue);

        Assert.Equal(Pause.Longest, _pause.Left);
    }

    [Fact]
    public void Receive_ANewerOne_ReplacesTheOlderWhicheverIsLonger()
    {
        Say(3_601_000);
        Say(11_000);
        Assert.Equal(TimeSpan.FromSeconds(10), _pause.Left);

        Say(0);

        Assert.Equal(TimeSpan.Zero, _pause.Left);
        Assert.Equal(["uplink.paused", "uplink.paused", "uplink.resumed"], _events.Names);
    }

    [Theory]
    [InlineData(5, 4)]
    [InlineData(5, 5)]
    [InlineData(4, 9)]
    public void Receive_AnOlderOneThatTheRelayHeldBack_ChangesNothing(ulong epoch, ulong seq)
    {
        _pause.Receive(new Pause(_boot.BootId, 0, PauseCause.Operator), new AckPosition(default, 5, 5));

        _pause.Receive(new Pause(_boot.BootId, 61_000, PauseCause.Operator), new AckPosition(default, epoch, seq));

        Assert.Equal(TimeSpan.Zero, _pause.Left);
    }

    [Fact]
    public void Receive_OfABusyServer_IsNoEvent()
    {
        var changes = 0;
        _pause.Changed += () => changes++;

        _pause.Receive(new Pause(_boot.BootId, 11_000, PauseCause.ServerBusy), new AckPosition(default, 1, 1));

        Assert.Equal(TimeSpan.FromSeconds(10), _pause.Left);
        Assert.Equal(PauseCause.ServerBusy, _pause.Cause);
        Assert.Equal(1, changes);
        Assert.Empty(_events.Names);
    }

    private void Say(ulong untilMs) => _pause.Receive(new Pause(_boot.BootId, untilMs, PauseCause.Operator), new AckPosition(default, 1, ++_said));
}
