using Messaging.Agent.Transport;
using Messaging.Agent.Transport.Choice;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Transport.Choice;

public sealed class EndpointChoiceTests
{
    private const string Mqtt = "mqtts://a.example:8883";
    private const string WebSocket = "wss://a.example/mqtt";
    private const string Poll = "https://a.example/mqtt/poll";
    private static readonly ChoiceSettings Settings = new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(15),
        KeepAlive = TimeSpan.FromSeconds(30),
        BackoffMinimum = TimeSpan.FromSeconds(1),
        BackoffMaximum = TimeSpan.FromMinutes(2),
        ProbeInterval = TimeSpan.FromMinutes(5),
    };

    private readonly EndpointChoice _choice = Create(1);
    private TimeSpan _now;

    [Fact]
    public void BlockedPort_TwicePatiently_ThenWebSocket_ThenLongPoll()
    {
        _choice.Use(Endpoints(Poll, WebSocket, Mqtt), lastGood: null);

        Assert.Equal([Mqtt, Mqtt, Mqtt, WebSocket, Poll, Mqtt, WebSocket, Poll], Attempts(8));
    }

    [Fact]
    public void WhatWorkedBeforeTheRestart_IsTriedFirst()
    {
        _choice.Use(Endpoints(Mqtt, WebSocket, Poll), lastGood: Poll);

        Assert.Equal([Poll, Poll, Poll, Mqtt, WebSocket], Attempts(5));
    }

    [Fact]
    public void WhatWorkedBeforeTheRestart_AndIsNotNamedAnyMore_IsForgotten()
    {
        _choice.Use(Endpoints(Mqtt), lastGood: "mqtts://gone.example");

        Assert.Equal([Mqtt, Mqtt, Mqtt], Attempts(3));
    }

    [Fact]
    public void NoAddress_NoAttempt()
    {
        _choice.Use([], lastGood: Mqtt);

        Assert.Null(_choice.Next(_now));
    }

    [Fact]
    public void RelayThatAnswers_IsNotTriedInAnotherWay()
    {
        _choice.Use(Endpoints(Mqtt, "mqtts://b.example", WebSocket), lastGood: null);

        var attempts = Attempts(6, RelayRefusal.Unavailable);

        Assert.All(attempts, address => Assert.StartsWith("mqtts:", address, StringComparison.Ordinal));
        Assert.Equal(2, attempts.Distinct().Count());
    }

    [Fact]
    public void DeviceThatIsNotWanted_WaitsMinutes()
    {
        _choice.Use(Endpoints(Mqtt), lastGood: null);
        var waits = Enumerable.Range(0, 5).Select(_ => _choice.Failed(_choice.Next(_now)!, RelayRefusal.NotAuthorized, wasSlow: false)).ToList();

        Assert.InRange(waits[0], TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4));
        Assert.InRange(waits[4], TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10));
    }

    [Fact]
    public void Failures_WaitLongerAndLonger_AndNeverBeyondTheMaximum()
    {
        _choice.Use(Endpoints(Mqtt), lastGood: null);
        var waits = Enumerable.Range(0, 30).Select(_ => _choice.Failed(_choice.Next(_now)!, RelayRefusal.Unreachable, wasSlow: false)).ToList();

        Assert.InRange(waits[0], TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1));
        Assert.InRange(waits[3], TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(8));
        Assert.InRange(waits[29], TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void Devices_SpreadOverAddressesOfAKind_EachInAnOrderOfItsOwn()
    {
        string[] addresses = [.. Enumerable.Range(0, 4).Select(number => $"mqtts://r{number}.example")];
        var firsts = Enumerable.Range(0, 200).Select(device =>
        {
            var choice = Create((byte)device);
            choice.Use(Endpoints(addresses), lastGood: null);
            return choice.Next(_now)!.Address;
        });

        Assert.All(firsts.CountBy(static address => address), count => Assert.InRange(count.Value, 20, 90));
    }

    [Fact]
    public void SlowAnswer_GetsMoreTimeTheNextTime_SilenceDoesNot()
    {
        _choice.Use(Endpoints(Mqtt), lastGood: null);
        var endpoint = _choice.Next(_now)!;

        _choice.Failed(endpoint, RelayRefusal.Unreachable, wasSlow: false);
        Assert.Equal(TimeSpan.FromSeconds(15), _choice.Timeout(endpoint));

        for (var i = 0; i < 5; i++)
        {
            _choice.Failed(endpoint, RelayRefusal.Unreachable, wasSlow: true);
        }

        Assert.Equal(TimeSpan.FromSeconds(60), _choice.Timeout(endpoint));
    }

    [Fact]
    public void LinkThatDiesWhenIdle_IsKeptAliveMoreOften_DownToAFloor()
    {
        _choice.Use(Endpoints(Mqtt), lastGood: null);
        var endpoint = _choice.Next(_now)!;
        List<double> keepAlives = [];
        for (var i = 0; i < 6; i++)
        {
            _choice.Ended(endpoint, TimeSpan.FromSeconds(25), wasOrderly: false, wasUseful: false, _now);
            keepAlives.Add(_choice.KeepAlive(endpoint).TotalSeconds);
        }

        Assert.Equal([30, 15, 7.5, 5, 5, 5], keepAlives);
    }

    [Fact]
    public void LinkThatKeepsDying_ComesAfterTheOthers_ForAWhile()
    {
        _choice.Use(Endpoints(Mqtt, WebSocket), lastGood: null);
        var endpoint = _choice.Next(_now)!;
        for (var i = 0; i < 5; i++)
        {
            _choice.Ended(endpoint, TimeSpan.FromSeconds(25), wasOrderly: false, wasUseful: false, _now);
        }

        var webSocket = _choice.Next(_now)!;
        Assert.Equal(WebSocket, webSocket.Address);
        Assert.Null(_choice.Better(webSocket, _now));
        Assert.Equal(Mqtt, _choice.Better(webSocket, _now + TimeSpan.FromMinutes(6))?.Address);
    }

    [Fact]
    public void RelayThatSaysGoodbye_IsComeBackTo()
    {
        _choice.Use(Endpoints(Mqtt, WebSocket), lastGood: null);
        var endpoint = _choice.Next(_now)!;

        for (var i = 0; i < 10; i++)
        {
            Assert.InRange(_choice.Ended(endpoint, TimeSpan.FromSeconds(25), wasOrderly: true, wasUseful: false, _now), TimeSpan.Zero, TimeSpan.FromSeconds(1));
            Assert.Equal(endpoint, _choice.Next(_now));
        }

        Assert.Equal(TimeSpan.FromSeconds(30), _choice.KeepAlive(endpoint));
    }

    [Fact]
    public void WorseTransport_LooksForTheBetterOnes_LessAndLessOften()
    {
        _choice.Use(Endpoints(Mqtt, WebSocket, Poll), lastGood: null);
        var current = Endpoints(Poll)[0];

        Assert.Equal(Mqtt, _choice.Better(current, _now)!.Address);
        Assert.InRange(_choice.ProbeDelay(), TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(6));

        _choice.Probed(succeeded: false);
        Assert.Equal(WebSocket, _choice.Better(current, _now)!.Address);
        for (var i = 0; i < 10; i++)
        {
            _choice.Probed(succeeded: false);
        }

        Assert.InRange(_choice.ProbeDelay(), TimeSpan.FromMinutes(48), TimeSpan.FromMinutes(72));
    }

    [Fact]
    public void BestTransport_LooksForNothing()
    {
        _choice.Use(Endpoints(Mqtt, WebSocket), lastGood: null);

        Assert.Null(_choice.Better(_choice.Next(_now)!, _now));
    }

    [Fact]
    public void BetterTransportThatDiesAtOnce_IsNotReturnedToAtOnce()
    {
        _choice.Use(Endpoints(Mqtt, WebSocket), lastGood: WebSocket);
        var webSocket = _choice.Next(_now)!;
        _choice.Proved(webSocket);
        var better = _choice.Better(webSocket, _now)!;

        _choice.Ended(better, TimeSpan.FromSeconds(3), wasOrderly: false, wasUseful: false, _now);

        Assert.Equal(webSocket, _choice.Next(_now));
        Assert.Null(_choice.Better(webSocket, _now));
    }

    [Fact]
    public void Held_ForATime_IsLeftAloneForThatLongInEveryWay()
    {
        _choice.Use(Endpoints(Mqtt, WebSocket, Poll), lastGood: null);

        var wait = _choice.Held(_choice.Next(_now)!, TimeSpan.FromSeconds(60), _now);

        Assert.InRange(wait, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(120));
        Assert.Equal(Mqtt, _choice.Next(_now + wait)!.Address);
    }

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(1_000_000, 3600, 7200)]
    public void Held_ForAnyTime_IsBounded(int asked, int least, int most)
    {
        _choice.Use(Endpoints(Mqtt), lastGood: null);

        Assert.InRange(_choice.Held(_choice.Next(_now)!, TimeSpan.FromSeconds(asked), _now), TimeSpan.FromSeconds(least), TimeSpan.FromSeconds(most));
    }

    [Fact]
    public void Held_Fleet_DoesNotComeBackTogether()
    {
        var random = 0.0;
        var waits = Enumerable.Range(0, 1000).Select(i =>
        {
            random = i / 1000.0;
            var choice = new EndpointChoice(PrincipalId.Parse(new string('1', 32)), Settings, () => random);
            choice.Use(Endpoints(Mqtt), lastGood: null);
            return choice.Held(choice.Next(_now)!, TimeSpan.FromSeconds(50), _now).TotalSeconds;
        }).ToList();

        // 10,000 devices that were sent away for 50 s: none before, and at most 205 of them in any second.
        Assert.InRange(waits.Min(), 50, 51);
        Assert.True(waits.GroupBy(Math.Floor).Max(second => second.Count()) * 10 <= 210);
    }

    [Fact]
    public void Held_OneOfTwoHosts_GoesToTheOtherAtOnceAndNeverTooSoonBack()
    {
        const string Other = "mqtts://b.example";
        _choice.Use(Endpoints(Mqtt, WebSocket, Other), lastGood: Mqtt);
        var wait = _choice.Held(_choice.Next(_now)!, TimeSpan.FromSeconds(60), _now);
        Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(1));

        var now = _now;
        while (now < TimeSpan.FromSeconds(59))
        {
            now += wait;
            var next = _choice.Next(now)!;
            Assert.True(next.Address == Other || now >= TimeSpan.FromSeconds(60), $"{next.Address} after {now}");
            wait = _choice.AtLeastUntilNext(_choice.Failed(next, RelayRefusal.Unreachable, wasSlow: false), now);
        }
    }

    [Theory]
    [InlineData("b.example", "mqtts://b.example:8884")]
    [InlineData("B.example:8884", "mqtts://b.example:8884")]
    [InlineData("b.example:1", Mqtt)]
    [InlineData("evil.example", Mqtt)]
    public void Prefer_AServer_IsOnlyDoneIfTheFleetHasIt(string server, string expected)
    {
        _choice.Use(Endpoints(Mqtt, "mqtts://b.example:8884"), lastGood: Mqtt);
        Assert.Equal(Mqtt, _choice.Next(_now)!.Address);

        _choice.Prefer(server);

        Assert.Equal(expected, _choice.Next(_now)!.Address);
    }

    [Fact]
    public void Ended_AgainAndAgainAfterUse_IsNotWaitedForLong()
    {
        _choice.Use(Endpoints(Mqtt), lastGood: null);
        for (var i = 0; i < 20; i++)
        {
            var endpoint = _choice.Next(_now)!;
            _choice.Failed(endpoint, RelayRefusal.Unavailable, wasSlow: false);
            Assert.InRange(_choice.Ended(endpoint, TimeSpan.FromSeconds(3), wasOrderly: true, wasUseful: true, _now), TimeSpan.Zero, TimeSpan.FromSeconds(8));
        }
    }

    [Fact]
    public void OtherAddresses_StartOver()
    {
        _choice.Use(Endpoints(Mqtt, WebSocket), lastGood: null);
        Attempts(4);

        _choice.Use(Endpoints("mqtts://new.example", WebSocket), lastGood: null);

        Assert.Equal("mqtts://new.example", _choice.Next(_now)!.Address);
    }

    private static EndpointChoice Create(byte device) =>
        new(PrincipalId.TryRead([.. Enumerable.Repeat(device, 16)], out var id) ? id : throw new InvalidOperationException(), Settings, static () => 0.5);

    private static List<RelayEndpoint> Endpoints(params string[] addresses) =>
        [.. addresses.Select(static address => RelayEndpoint.TryParse(address, out var endpoint, out var problem) ? endpoint : throw new InvalidOperationException(problem))];

    private List<string> Attempts(int count, RelayRefusal refusal = RelayRefusal.Unreachable) =>
    [
        .. Enumerable.Range(0, count).Select(_ =>
        {
            var endpoint = _choice.Next(_now)!;
            _now += _choice.Failed(endpoint, refusal, wasSlow: false);
            return endpoint.Address;
        }),
    ];
}
