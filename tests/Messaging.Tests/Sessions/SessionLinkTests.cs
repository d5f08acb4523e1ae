using System.Text;
using CsCheck;
using Messaging.Crypto;
using Messaging.Fuzz;
using Messaging.Sessions;

namespace Messaging.Tests.Sessions;

public sealed class SessionLinkTests : IDisposable
{
    private static readonly byte[] Accept = [1, 2, 3];
    private readonly SessionLink _device;
    private readonly SessionLink _client;
    private long _now;

    public SessionLinkTests()
    {
        using var device = HpkeKeyPair.Generate();
        using var client = HpkeKeyPair.Generate();
        _device = new SessionLink(SessionKeys.Derive(device, client.Public, Accept), isDevice: true, SessionLink.FirstWindow, 0);
        _client = new SessionLink(SessionKeys.Derive(client, device.Public, Accept), isDevice: false, SessionLink.FirstWindow, 0);
    }

    public void Dispose()
    {
        _device.Dispose();
        _client.Dispose();
    }

    [Fact]
    public void Client_BeforeAnythingWasSaid_SendsAPacketAtOnce() => Assert.NotNull(_client.Next(0));

    [Fact]
    public void Messages_OverAWayThatKeepsThem_ArriveInOrderAndAreConfirmed()
    {
        Say(_client, "one", "two", "three");

        Assert.Equal(["one", "two", "three"], Pass(_client, _device));
        _now += 100;
        Pass(_device, _client);

        Assert.True(_client.IsSettled);
        Assert.Equal(0, _client.Outgoing);
        Assert.Null(_client.WaitingSince);
    }

    [Fact]
    public void Receive_TheSamePacketAgain_IsReplayed()
    {
        Say(_client, "once");
        var packet = _client.Next(0)!;

        Assert.Equal(SessionVerdict.Message, _device.Receive(packet, 0, out _));
        Assert.Equal(SessionVerdict.Replayed, _device.Receive(packet, 0, out var again));

        Assert.Null(again);
        Assert.Equal(1, _device.Refused);
    }

    [Fact]
    public void Receive_OwnPacketsThrownBack_AreNotAuthentic()
    {
        Say(_client, "mine");

        Assert.Equal(SessionVerdict.NotAuthentic, _client.Receive(_client.Next(0)!, 0, out _));
    }

    [Fact]
    public void Receive_AnyBitFlipped_ChangesNothing()
    {
        Say(_client, "hello");
        var packet = _client.Next(0)!;
        for (var bit = 0; bit < packet.Length * 8; bit++)
        {
            var changed = (byte[])packet.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Contains(_device.Receive(changed, 0, out var message), new[] { SessionVerdict.NotAuthentic, SessionVerdict.Malformed });
            Assert.Null(message);
        }

        Assert.Equal(SessionVerdict.Message, _device.Receive(packet, 0, out _));
    }

    [Fact]
    public void Receive_Truncated_IsRefused()
    {
        Say(_client, "hello");
        var packet = _client.Next(0)!;
        for (var length = 0; length < packet.Length; length++)
        {
            Assert.Contains(_device.Receive(packet.AsSpan(0, length), 0, out _), new[] { SessionVerdict.NotAuthentic, SessionVerdict.Malformed });
        }
    }

    [Fact]
    public void Receive_LargerThanAPacketMayBe_IsMalformed() => Assert.Equal(SessionVerdict.Malformed, _device.Receive(new byte[65537], 0, out _));

    [Fact]
    public void Next_WhenAMessageWasLost_SendsItAgainAndWhatCameAfterIt()
    {
        Say(_client, "lost", "early");
        _client.Next(0);
        Assert.Equal(SessionVerdict.TooEarly, _device.Receive(_client.Next(0)!, 0, out _));

        Pass(_device, _client);

        Assert.Equal(["lost", "early"], Pass(_client, _device));
    }

    [Fact]
    public void Next_WithoutAnAnswer_SendsAgainLaterAndLater()
    {
        Say(_client, "anybody?");
        var gaps = new List<long>();
        var last = 0L;
        Assert.NotNull(_client.Next(0));
        for (_now = 1; _now < 60_000; _now += 100)
        {
            if (_client.Next(_now) is { } packet && packet.Length > 40)
            {
                gaps.Add(_now - last);
                last = _now;
            }
        }

        Assert.True(gaps.Count is >= 4 and <= 8, string.Join(", ", gaps));
        Assert.Equal(gaps.Order(), gaps);
        Assert.Equal(0, _client.WaitingSince);
    }

    [Fact]
    public void Reconnected_SendsAtOnceWhatWasNotConfirmed()
    {
        Say(_client, "lost with the connection");
        _client.Next(0);
        Assert.Null(_client.Next(1));

        _client.Reconnected(2);
        _now = 2;

        Assert.Equal(["lost with the connection"], Pass(_client, _device));
    }

    [Fact]
    public void Send_BeyondTheOtherSidesWindow_WaitsUntilItWasDealtWith()
    {
        var message = new SessionMessage(SessionMessageKind.Data, new byte[SessionMessage.MaxBytes - SessionMessage.Overhead]);
        for (var i = 0; i < 5; i++)
        {
            _device.Send(message);
        }

        Assert.Equal(2, PassMessages(_device, _client).Count);
        Assert.Null(_device.Next(_now));

        _client.Took(message, _now);
        Pass(_client, _device);

        Assert.Single(PassMessages(_device, _client));
    }

    [Fact]
    public void Receive_MoreThanTheWindow_IsTooMuch()
    {
        // Somebody with the right keys who does not heed the window: a link that was told of a larger one by itself.
        using var device = HpkeKeyPair.Generate();
        using var client = HpkeKeyPair.Generate();
        using var greedy = new SessionLink(SessionKeys.Derive(client, device.Public, Accept), isDevice: false, SessionLink.FirstWindow, 0);
        using var generous = new SessionLink(SessionKeys.Derive(device, client.Public, Accept), isDevice: true, 1 << 20, 0);
        using var strict = new SessionLink(SessionKeys.Derive(device, client.Public, Accept), isDevice: true, SessionLink.FirstWindow, 0);
        greedy.Receive(generous.Next(0)!, 0, out _);
        for (var i = 0; i < 3; i++)
        {
            greedy.Send(new SessionMessage(SessionMessageKind.Data, new byte[SessionMessage.MaxBytes]));
        }

        var verdicts = new List<SessionVerdict>();
        while (greedy.Next(0) is { } packet)
        {
            verdicts.Add(strict.Receive(packet, 0, out _));
        }

        Assert.Equal([SessionVerdict.Message, SessionVerdict.TooMuch, SessionVerdict.TooEarly], verdicts);
    }

    [Fact]
    public void Next_WhenNothingIsSaid_KeepsTheOtherSideKnowing()
    {
        Assert.Null(_device.Next(SessionLink.KeepAlive - 1));
        var packet = _device.Next(SessionLink.KeepAlive);

        Assert.Equal(SessionVerdict.NoMessage, _client.Receive(packet, SessionLink.KeepAlive, out _));
        Assert.Equal(SessionLink.KeepAlive, _client.LastHeard);
    }

    [Fact]
    public void Messages_OverAWayThatLosesRepeatsAndReorders_ArriveOnceInOrder() =>
        Gen.Int[0, int.MaxValue].Sample(
            seed =>
            {
                using var device = HpkeKeyPair.FromScalar(Samples.Scalar(20));
                using var client = HpkeKeyPair.FromScalar(Samples.Scalar(21));
                using var one = new SessionLink(SessionKeys.Derive(device, client.Public, Accept), isDevice: true, SessionLink.FirstWindow, 0);
                using var other = new SessionLink(SessionKeys.Derive(client, device.Public, Accept), isDevice: false, SessionLink.FirstWindow, 0);
                var way = new BadWay(seed);
                var (sent, up, down) = (0, new List<string>(), new List<string>());
                long now = 0;
                for (; now < 600_000 && (up.Count < 60 || down.Count < 60); now += 50)
                {
                    if (sent < 60)
                    {
                        one.Send(Text($"up {sent}"));
                        other.Send(Text($"down {sent++}"));
                    }

                    way.Carry(one, other, up, now);
                    way.Carry(other, one, down, now);
                }

                Assert.Equal(Enumerable.Range(0, 60).Select(i => $"up {i}"), up);
                Assert.Equal(Enumerable.Range(0, 60).Select(i => $"down {i}"), down);
            },
            iter: 30);

    private static SessionMessage Text(string text) => new(SessionMessageKind.Data, Encoding.UTF8.GetBytes(text));

    private static void Say(SessionLink link, params string[] texts)
    {
        foreach (var text in texts)
        {
            link.Send(Text(text));
        }
    }

    private List<string> Pass(SessionLink from, SessionLink to) => [.. PassMessages(from, to).Select(static message => Encoding.UTF8.GetString(message.Body.Span))];

    private List<SessionMessage> PassMessages(SessionLink from, SessionLink to)
    {
        var arrived = new List<SessionMessage>();
        while (from.Next(_now) is { } packet)
        {
            if (to.Receive(packet, _now, out var message) == SessionVerdict.Message)
            {
                arrived.Add(message!);
            }
        }

        return arrived;
    }

    /// <summary>One packet in three is lost, some come twice or late.</summary>
    private sealed class BadWay(int seed)
    {
        private readonly List<(SessionLink To, byte[] Packet)> _late = [];
        private uint _state = (uint)seed | 1;

        public void Carry(SessionLink from, SessionLink to, List<string> arrived, long now)
        {
            while (from.Next(now) is { } packet)
            {
                switch (Roll(9))
                {
                    case < 3:
                        break;
                    case 3:
                        _late.Add((to, packet));
                        break;
                    case 4:
                        Deliver(to, packet, arrived, now);
                        Deliver(to, packet, arrived, now);
                        break;
                    default:
                        Deliver(to, packet, arrived, now);
                        break;
                }
            }

            foreach (var late in _late.Where(one => one.To == to).ToList())
            {
                if (Roll(3) == 0)
                {
                    _late.Remove(late);
                    Deliver(to, late.Packet, arrived, now);
                }
            }
        }

        private static void Deliver(SessionLink to, byte[] packet, List<string> arrived, long now)
        {
            to.Receive(packet, now, out var message);
            if (message is not null)
            {
                arrived.Add(Encoding.UTF8.GetString(message.Body.Span));
                to.Took(message, now);
            }
        }

        private uint Roll(uint sides)
        {
            _state ^= _state << 13;
            _state ^= _state >> 17;
            _state ^= _state << 5;
            return _state % sides;
        }
    }
}
