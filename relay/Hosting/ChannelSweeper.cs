using System.Collections.Concurrent;
using Messaging.Relay.Transport;
using Microsoft.Extensions.Hosting;
using MQTTnet.Protocol;

namespace Messaging.Relay.Hosting;

/// <summary>All open channels, and the one timer that holds them to their deadlines.</summary>
internal sealed class ChannelSweeper(RelayOptions options, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<RelayChannel, bool> _channels = new();

    public void Add(RelayChannel channel) => _channels.TryAdd(channel, value: true);

    public void Remove(RelayChannel channel) => _channels.TryRemove(channel, out _);

    /// <summary>Says good-bye to everybody, and waits until it is said.</summary>
    public async Task CloseAllAsync(MqttDisconnectReasonCode reason, TimeSpan returnAfter)
    {
        var channels = _channels.Keys;
        foreach (var channel in channels)
        {
            channel.Close(reason, returnAfter);
        }

        foreach (var channel in channels)
        {
            await channel.EndAsync();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A deadline is missed by a tenth of itself at most.
        var shortest = new[] { options.ConnectTimeout, options.StallTimeout, options.PollIdleTimeout, LongestInterval * 10 }.Min();
        using var timer = new PeriodicTimer(shortest / 10, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var (channel, _) in _channels)
            {
                channel.CheckDeadlines();
            }
        }
    }
}
