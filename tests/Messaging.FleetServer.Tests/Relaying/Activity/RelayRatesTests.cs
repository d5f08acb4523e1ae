using Messaging.FleetServer.Hosting;
using Messaging.FleetServer.Relaying;
using Messaging.FleetServer.Relaying.Activity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.FleetServer.Tests.Relaying.Activity;

public sealed class RelayRatesTests : IRelayStatus, IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private Dictionary<string, long> _counters = new(StringComparer.Ordinal) { ["devices"] = 4, ["messagesUp"] = 100, ["messagesDown"] = 7 };

    RelaySnapshot IRelayStatus.Current => new(RelayLinkState.Ready, "there", default, null, 0, 0, 0, _counters, null);

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Recent_AfterAWhile_IsOfTheLastMinuteAlone()
    {
        using var rates = await StartAsync();
        Pass(seconds: 300, up: 2);

        var (sections, recent) = rates.Read();

        Assert.Equal(TimeSpan.FromSeconds(60), recent);
        var fleet = sections["fleet"];
        Assert.Equal((700, 7), (fleet.Total["messagesUp"], fleet.Total["messagesDown"]));
        Assert.Equal("messagesUp", Assert.Single(fleet.Recent).Key);
        Assert.Equal(120, fleet.Recent["messagesUp"]);
        Assert.DoesNotContain("devices", fleet.Total.Keys);
    }

    [Fact]
    public async Task Recent_SoonAfterTheStart_SaysHowLongItIs()
    {
        using var rates = await StartAsync();
        Pass(seconds: 10, up: 1);

        var (sections, recent) = rates.Read();

        Assert.Equal((10, TimeSpan.FromSeconds(10)), (sections["fleet"].Recent["messagesUp"], recent));
    }

    [Fact]
    public async Task Recent_OfARelayThatStartedAnew_IsWhatItCountedSince()
    {
        using var rates = await StartAsync();
        Pass(seconds: 30, up: 1);
        _counters = new(StringComparer.Ordinal) { ["messagesUp"] = 3, ["messagesDown"] = 9 };

        var recent = rates.Read().Sections["fleet"].Recent;

        Assert.Equal((3, 9), (recent["messagesUp"], recent["messagesDown"]));
    }

    [Fact]
    public async Task Recent_BeforeARelayElsewhereHasSaidAnything_IsNothing()
    {
        _counters = [];
        using var rates = await StartAsync();
        _counters = new(StringComparer.Ordinal) { ["messagesUp"] = 1_000_000 };

        var fleet = rates.Read().Sections["fleet"];

        Assert.Equal(1_000_000, fleet.Total["messagesUp"]);
        Assert.Empty(fleet.Recent);
    }

    private async Task<RelayRates> StartAsync()
    {
        var options = new FleetServerOptions { RelayUrl = new Uri("mqtts://relay.example") };
        var rates = new RelayRates(new RelaySections(options, this, _services), _time);
        await rates.StartAsync(TestContext.Current.CancellationToken);
        return rates;
    }

    private void Pass(int seconds, int up)
    {
        for (var second = 0; second < seconds; second++)
        {
            _counters["messagesUp"] += up;
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
