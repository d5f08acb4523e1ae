using System.Net;
using Messaging.Agent.Updates.Neighbours;

namespace Messaging.Agent.Tests.Updates.Neighbours;

/// <summary>Who is a neighbour, and on which networks.</summary>
public sealed class LanTests
{
    private const uint Up = 0x1;
    private const uint Broadcast = 0x2;
    private const uint Loopback = 0x8;
    private const uint PointToPoint = 0x10;
    private const uint NoArp = 0x80;
    private const uint Multicast = 0x1000;

    [Theory]
    [InlineData("192.168.7.9", true)]
    [InlineData("192.168.7.255", false)]
    [InlineData("192.168.8.9", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("8.8.8.8", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("fe80::1%3", false)]
    public void Has_V4_OnlyWhoIsOnTheLink(string address, bool isOn) =>
        Assert.Equal(isOn, new LanLink("eth0", 3, IPAddress.Parse("192.168.7.1"), 0xFFFFFF00).Has(IPAddress.Parse(address)));

    [Theory]
    [InlineData("fe80::2%3", true)]
    [InlineData("fe80::2%4", false)]
    [InlineData("fd00::2", false)]
    [InlineData("2001:db8::2", false)]
    [InlineData("::ffff:192.168.7.9", false)]
    [InlineData("192.168.7.9", false)]
    public void Has_V6_OnlyLinkLocalOfTheSameInterface(string address, bool isOn) =>
        Assert.Equal(isOn, new LanLink("eth0", 3, new IPAddress(IPAddress.Parse("fe80::1").GetAddressBytes(), 3), 0).Has(IPAddress.Parse(address)));

    [Fact]
    public void Has_WithAMaskOfEverybody_IsStillOnlyPrivate()
    {
        var link = new LanLink("eth0", 3, IPAddress.Parse("10.0.0.1"), 0);

        Assert.True(link.Has(IPAddress.Parse("192.168.1.1")));
        Assert.False(link.Has(IPAddress.Parse("203.0.113.1")));
    }

    [Theory]
    [InlineData("10.255.255.255", true)]
    [InlineData("172.15.0.1", false)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.31.0.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("169.254.1.1", true)]
    [InlineData("192.167.0.1", false)]
    [InlineData("100.64.0.1", false)]
    public void IsPrivate_IsOfThoseThatNoRouterCarries(string address, bool isPrivate) => Assert.Equal(isPrivate, LanLink.IsPrivate(IPAddress.Parse(address)));

    [Fact]
    public void IsWanted_UnlessNamed_IsALocalNetwork()
    {
        Assert.True(LanLinks.IsWanted("eth0", Up | Broadcast | Multicast, []));
        Assert.False(LanLinks.IsWanted("eth0", Broadcast | Multicast, []));
        Assert.False(LanLinks.IsWanted("lo", Up | Loopback, []));
        Assert.False(LanLinks.IsWanted("wg0", Up | PointToPoint | NoArp, []));
        Assert.False(LanLinks.IsWanted("wwan0", Up | PointToPoint | NoArp | Multicast, []));
        Assert.False(LanLinks.IsWanted("eth0", Up | Broadcast | Multicast, ["wlan0"]));
        Assert.True(LanLinks.IsWanted("lo", Up | Loopback, ["wlan0", "lo"]));
        Assert.False(LanLinks.IsWanted("lo", Loopback, ["lo"]));
    }

    [Fact]
    public void Find_OfThisMachine_HasTheInterfaceThatIsNamed()
    {
        var link = Assert.Single(LanLinks.Find(["lo"]));

        Assert.Equal(("lo 127.0.0.1", 0xFF000000), (link.ToString(), link.Mask));
        Assert.True(link.Has(IPAddress.Parse("127.0.0.9")));
        Assert.Empty(LanLinks.Find(["there-is-none"]));
    }
}
