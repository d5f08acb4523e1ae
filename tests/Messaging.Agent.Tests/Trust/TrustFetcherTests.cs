using Messaging.Agent.Clock;
using Messaging.Agent.Configuration;
using Messaging.Agent.Downlink;
using Messaging.Agent.Identity;
using Messaging.Agent.Status;
using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Tests.Hosting;
using Messaging.Agent.Tests.Support;
using Messaging.Agent.Transport.Dialing;
using Messaging.Agent.Trust;
using Messaging.Agent.Uplink;
using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Agent.Tests.Trust;

public sealed class TrustFetcherTests : IDisposable
{
    private readonly IdentityKey _root = IdentityKey.Generate();
    private readonly IdentityKey _server = IdentityKey.Generate();
    private readonly IdentityKey _stranger = IdentityKey.Generate();
    private readonly HpkeKeyPair _hpke = HpkeKeyPair.Generate();
    private readonly SecurityLog _security = new();
    private readonly RecordedEvents _events = new();
    private readonly List<Home> _homes = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _homes.ForEach(home => home.Dispose());
        _root.Dispose();
        _server.Dispose();
        _stranger.Dispose();
        _hpke.Dispose();
    }

    [Fact]
    public async Task Ask_AHomeWithANewerRoster_TakesIt()
    {
        var home = Serve("200 OK", Bundle(7).Encode());
        var (fetcher, fleet) = Open([home.Url + "/fleet/"]);

        await fetcher.AskAsync(Cancellation);

        Assert.Equal(7UL, fleet.Current.Roster.Version);
        Assert.Equal("something newer, which was taken", Outcomes(fetcher)[0]);
        Assert.Equal("GET /fleet/api/v1/trust HTTP/1.1", home.Requests[0]);
        Assert.Equal("trust.changed", Assert.Single(_events.All).Name);
    }

    [Fact]
    public async Task Ask_WhereSomeHomesAreNone_AsksAllOthers()
    {
        var bundle = Bundle(7).Encode();
        var nonsense = Serve("200 OK", "<html>"u8.ToArray());
        var huge = Serve("200 OK", new byte[TrustBundle.MaxBytes + 1]);
        var elsewhere = Serve("302 Found", [], $"Location: {Serve("200 OK", bundle).Url}\r\n");
        var missing = Serve("404 Not Found", []);
        var forged = Serve("200 OK", (Bundle(9) with { Roster = Roster.Sign(Bundle(9).Roster.Content, _stranger) }).Encode());
        var good = Serve("200 OK", bundle);
        using var closed = new Home("200 OK", []);
        var gone = closed.Url;
        closed.Dispose();
        var (fetcher, fleet) = Open(["ftp://old.example", "no address", gone, nonsense.Url, huge.Url, elsewhere.Url, missing.Url, forged.Url, good.Url]);

        await fetcher.AskAsync(Cancellation);

        Assert.Equal(7UL, fleet.Current.Roster.Version);
        var outcomes = Outcomes(fetcher);
        Assert.StartsWith("is no address", outcomes[0], StringComparison.Ordinal);
        Assert.StartsWith("is no address", outcomes[1], StringComparison.Ordinal);
        Assert.StartsWith("cannot be reached: ", outcomes[2], StringComparison.Ordinal);
        Assert.Equal(
            ["refused: trust-malformed", "refused: trust-malformed", "answers 302", "answers 404", "refused: trust-roster-not-signed", "something newer, which was taken"],
            outcomes[3..9]);
        Assert.Equal([new("trust-malformed", 2), new("trust-roster-not-signed", 1)], _security.Totals);
    }

    [Fact]
    public async Task Ask_AHomeWithAnOlderRoster_SaysSoAndSuspectsNobody()
    {
        var (fetcher, fleet) = Open([Serve("200 OK", Bundle(7).Encode()).Url, Serve("200 OK", Bundle(5).Encode()).Url, Serve("200 OK", Bundle(7).Encode()).Url]);

        await fetcher.AskAsync(Cancellation);

        Assert.Equal(7UL, fleet.Current.Roster.Version);
        Assert.Equal(["something newer, which was taken", "something older", "nothing new"], Outcomes(fetcher)[..3]);
        Assert.Empty(_security.Totals);
    }

    [Fact]
    public async Task Ask_WithoutHomes_AsksTheServerThatLetThisDeviceIn()
    {
        var server = Serve("200 OK", Bundle(7).Encode());
        var (fetcher, fleet) = Open([], server.Url);

        await fetcher.AskAsync(Cancellation);

        Assert.Equal(7UL, fleet.Current.Roster.Version);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void Homes_OfTheRosterAndOfTheEnrolment_AreThereOnce() => Assert.Equal(
        ["https://a.example/fleet", "https://b.example"],
        TrustFetcher.Homes(["https://a.example/fleet/", "https://b.example", "https://a.example/fleet"], "https://b.example/"));

    private static List<string> Outcomes(TrustFetcher fetcher)
    {
        var status = new StatusBuilder();
        fetcher.Contribute(status);
        return [.. status.Trust!.Homes.Select(home => home.Outcome)];
    }

    private Home Serve(string status, byte[] body, string header = "")
    {
        var home = new Home(status, body, header);
        _homes.Add(home);
        return home;
    }

    private TrustBundle Bundle(ulong version, IReadOnlyList<string>? homes = null) =>
        TrustMaker.Make(_root, _server, _hpke.Public, version, homes: homes);

    private (TrustFetcher Fetcher, FleetTrustStore Fleet) Open(IReadOnlyList<string> homes, string server = "http://127.0.0.1:9")
    {
        var bundle = Bundle(3, homes);
        var clock = new TrustedClock(new FixedBootClock());
        var fleet = FleetTrustStore.Open(new FaultDisk(), "fleet", bundle.Roots[0].Fingerprint.ToArray(), bundle.Encode(), clock)!;
        var options = new AgentOptions();
        var time = TimeProvider.System;
        var fetcher = new TrustFetcher(
            fleet,
            new TrustReceiver(fleet, _security, _events),
            _security,
            new DeviceMembership(PrincipalId.FromIdentityKey(_stranger.Public), "device", [], server, []),
            new ControlWord(time),
            new Dialer(new ProxySettings(options.Transport, _ => null), time),
            options,
            time,
            NullLogger<TrustFetcher>.Instance);
        return (fetcher, fleet);
    }
}
