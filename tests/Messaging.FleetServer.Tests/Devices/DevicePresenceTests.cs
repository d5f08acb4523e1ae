using Messaging.FleetServer.Devices;
using Messaging.Wire;

namespace Messaging.FleetServer.Tests.Devices;

public sealed class DevicePresenceTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("300", 300)]
    [InlineData("999999999", 3600)]
    [InlineData("-5", null)]
    [InlineData("soon", null)]
    [InlineData("99999999999999999999", null)]
    public void Silence_ThatADeviceTells_IsBelievedWithinBounds(string text, int? seconds) => Assert.Equal(
        seconds is { } value ? TimeSpan.FromSeconds(value) : null, DeviceFacts.Silence(new Dictionary<string, string> { ["uplink.silence"] = text }));

    [Fact]
    public void Online_OnTheRelaysWordAlone_IsFalse() =>
        Assert.False(new DevicePresence().Connect(1, "mqtt5").IsOnline(Now, null));

    [Fact]
    public void Online_WithFreshData_EndsAfterThreeIntervalsWhateverTheRelaySays()
    {
        var presence = new DevicePresence().Connect(1, "mqtt5").Authenticate(Now);

        Assert.True(presence.IsOnline(Now.AddSeconds(90), null));
        Assert.False(presence.IsOnline(Now.AddSeconds(91), null));
        Assert.True(presence.IsOnline(Now.AddSeconds(91), TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void Online_AfterADisconnect_NeedsNewData()
    {
        var gone = new DevicePresence().Connect(1, "mqtt5").Authenticate(Now).Disconnect(1, Now.AddSeconds(1));

        Assert.False(gone.IsOnline(Now.AddSeconds(2), null));
        Assert.True(gone.Authenticate(Now.AddSeconds(3)).IsOnline(Now.AddSeconds(3), null));
    }

    [Fact]
    public void Disconnect_OfAnOlderConnection_ChangesNothing()
    {
        var presence = new DevicePresence().Connect(2, "mqtt5");

        Assert.Same(presence, presence.Disconnect(1, Now));
    }

    [Fact]
    public void Uptime_TakesTheFastestMessageOfTheBoot()
    {
        var boot = new DeviceBoot(BootId.Generate(), 1, 1000, Now);

        var refined = boot.Refine(boot.Id, 3_600_000, Now.AddSeconds(10));

        Assert.Equal(TimeSpan.FromHours(1), refined.UptimeAt(Now.AddSeconds(10)));
        Assert.Same(refined, refined.Refine(boot.Id, 5, Now.AddSeconds(20)));
        Assert.Same(refined, refined.Refine(BootId.Generate(), ulong.MaxValue / 4_000_000, Now.AddSeconds(20)));
    }
}
