using Messaging.Agent.Configuration;
using Messaging.Agent.Tests.Support;
using Messaging.Agent.Tests.Systemd;
using Messaging.Agent.Transport.Metering;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Agent.Tests.Transport.Metering;

/// <summary>The bus and libsystemd are real; NetworkManager is a mock of python3-dbusmock.</summary>
public sealed class NetworkManagerWatchTests : IAsyncDisposable
{
    private const uint Unknown = 0;
    private const uint Yes = 1;
    private const uint No = 2;
    private const uint GuessYes = 3;
    private readonly PrivateBus _bus = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly AgentOptions _options = new();
    private readonly LinkCost _cost;
    private Task _watching = Task.CompletedTask;

    public NetworkManagerWatchTests()
    {
        _options.Systemd.BusAddress = _bus.Address;
        _cost = new LinkCost(_options);
    }

    [Fact]
    public async Task RunAsync_FollowsWhatNetworkManagerSays()
    {
        await _bus.StartAsync();
        Watch();
        await Eventually.True(() => _cost.Source == "unknown: NetworkManager does not run", "nobody is there yet");

        await _bus.StartNetworkManagerAsync(Yes);
        await Eventually.True(() => _cost.IsMetered, "the link is metered");
        Assert.Equal("NetworkManager", _cost.Source);

        await _bus.SetMeteredAsync(No);
        await Eventually.True(() => !_cost.IsMetered, "it is not");
        await _bus.SetMeteredAsync(GuessYes);
        await Eventually.True(() => _cost.IsMetered, "it may be");
        await _bus.SetMeteredAsync(Unknown);
        await Eventually.True(() => !_cost.IsMetered && _cost.Source == "NetworkManager does not know", "nobody knows");

        await _bus.SetMeteredAsync(Yes);
        await Eventually.True(() => _cost.IsMetered, "it is again");
        await _bus.StopLastAsync();
        await Eventually.True(() => !_cost.IsMetered, "without NetworkManager it is not");
    }

    [Fact]
    public async Task RunAsync_WithoutABus_TakesTheLinkForOneThatCostsNothing()
    {
        Watch();

        await Eventually.True(() => _cost.Source.StartsWith("unknown: there is no bus", StringComparison.Ordinal), "there is no bus");
        Assert.False(_cost.IsMetered);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    [InlineData(77, false)]
    public void IsMetered_OfAnyValue_IsOnlyWhatSaysSo(uint value, bool expected) => Assert.Equal(expected, NetworkManagerWatch.IsMetered(value));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _bus.DisposeAsync();
        _stop.Dispose();
    }

    private void Watch() =>
        _watching = new NetworkManagerWatch(_cost, _options, TimeProvider.System, NullLogger<NetworkManagerWatch>.Instance).RunAsync(_stop.Token);
}
