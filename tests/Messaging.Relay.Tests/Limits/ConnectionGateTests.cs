using System.Net;
using Messaging.Relay.Limits;

namespace Messaging.Relay.Tests.Limits;

public sealed class ConnectionGateTests
{
    private static readonly IPEndPoint Here = new(IPAddress.Parse("192.0.2.1"), 1000);
    private static readonly IPEndPoint There = new(IPAddress.Parse("192.0.2.2"), 1000);

    [Fact]
    public void TryEnter_BeyondUnauthenticated_IsRefusedUntilOneLeaves()
    {
        var gate = new ConnectionGate(new RelayOptions { MaxUnauthenticated = 2 });
        var first = gate.TryEnter(Here);
        using var second = gate.TryEnter(There);
        Assert.Null(gate.TryEnter(new IPEndPoint(IPAddress.Parse("192.0.2.3"), 1)));

        first!.Dispose();
        first.Dispose();

        using var third = gate.TryEnter(Here);
        Assert.NotNull(third);
        Assert.Null(gate.TryEnter(Here));
    }

    [Fact]
    public void TryEnter_BeyondUnauthenticatedOfAnAddress_LeavesOthersAlone()
    {
        var gate = new ConnectionGate(new RelayOptions { MaxUnauthenticatedPerAddress = 1 });
        using var first = gate.TryEnter(Here);

        Assert.Null(gate.TryEnter(Here));
        using var other = gate.TryEnter(There);
        Assert.NotNull(other);
    }

    [Fact]
    public void TryEnter_BeyondConnectionsOfAnAddress_CountsAuthenticatedOnesToo()
    {
        var gate = new ConnectionGate(new RelayOptions { MaxConnectionsPerAddress = 1 });
        using var first = gate.TryEnter(Here);
        Assert.True(first!.Promote(isDevice: true));

        Assert.Null(gate.TryEnter(Here));
    }

    [Fact]
    public void Promote_MakesRoomForStrangers_AndIsBoundedByDevices()
    {
        var gate = new ConnectionGate(new RelayOptions { MaxUnauthenticated = 1, MaxConnections = 1 });
        using var first = gate.TryEnter(Here);
        Assert.True(first!.Promote(isDevice: true));
        using var second = gate.TryEnter(There);

        Assert.NotNull(second);
        Assert.False(second.Promote(isDevice: true));
        Assert.True(second.Promote(isDevice: false));
        Assert.Equal((1, 0), (gate.Devices, gate.Unauthenticated));
    }

    [Fact]
    public void Dispose_OfAllTickets_LeavesNothingCounted()
    {
        var gate = new ConnectionGate(new RelayOptions { MaxConnectionsPerAddress = 1 });
        for (var round = 0; round < 3; round++)
        {
            var ticket = gate.TryEnter(Here);
            Assert.NotNull(ticket);
            ticket.Promote(isDevice: round % 2 == 0);
            ticket.Dispose();
        }

        Assert.Equal((0, 0), (gate.Devices, gate.Unauthenticated));
    }

    [Fact]
    public void TryEnter_UnixSocket_FindsAPlaceWhenStrangersHaveTakenAll()
    {
        var gate = new ConnectionGate(new RelayOptions { MaxUnauthenticated = 1 });
        using var stranger = gate.TryEnter(Here);
        using var first = gate.TryEnter(remote: null);
        using var second = gate.TryEnter(remote: null);

        Assert.NotNull(first);
        Assert.NotNull(second);
        Assert.True(second.Promote(isDevice: true));
        Assert.Equal((1, 1), (gate.Devices, gate.Unauthenticated));
    }

    [Fact]
    public void Retire_FreesThePlaceOfADevice_AndKeepsItsAddressCounted()
    {
        var gate = new ConnectionGate(new RelayOptions { MaxConnections = 1, MaxConnectionsPerAddress = 2 });
        var old = gate.TryEnter(Here)!;
        old.Promote(isDevice: true);
        using var newer = gate.TryEnter(Here)!;

        old.Retire();
        old.Retire();

        Assert.True(newer.Promote(isDevice: true));
        Assert.Null(gate.TryEnter(Here));
        old.Dispose();
        using var third = gate.TryEnter(Here);
        Assert.NotNull(third);
        Assert.Equal(1, gate.Devices);
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("0.0.0.0", "::", false)]
    public void AddressKey_OfTwoAddresses_IsTheSameWhenOneHostCanHaveBoth(string left, string right, bool same) =>
        Assert.Equal(same, AddressKey.Of(new IPEndPoint(IPAddress.Parse(left), 1)) == AddressKey.Of(new IPEndPoint(IPAddress.Parse(right), 2)));
}
