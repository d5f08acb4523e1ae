using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Messaging.Relay.Limits;
using Messaging.Relay.Mqtt.Connections;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Transport;
using Messaging.Wire;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Messaging.Relay.Channels.Mqtt;

/// <summary>Channels over MQTT: lets in who shows a channel's secret, keeps the time of all connections, and says good-bye to them.</summary>
internal sealed partial class MqttChannels(ChannelRegistry registry, RelayOptions options, TimeProvider time, ILogger<MqttChannels> logger) : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<ChannelConnection, byte> _connections = new();
    private ITimer? _timer;
    private volatile bool _isStopping;

    /// <summary>Connections that have a channel open.</summary>
    public int Count => _connections.Count;

    /// <summary>Serves a connection until it ends.</summary>
    /// <param name="transport">The connection; its first packet lies there whole.</param>
    /// <param name="output">The same, to send by; its abort ends the connection.</param>
    /// <param name="connect">The first packet.</param>
    /// <param name="ticket">Its place at the gate.</param>
    public async Task RunAsync(RelayTransport transport, IByteChannel output, ConnectPacket connect, ConnectionTicket ticket)
    {
        var (reason, channel) = Judge(connect);
        if (reason == ReasonCode.Success && (_isStopping || !ticket.Promote(isDevice: false)))
        {
            reason = _isStopping ? ReasonCode.ServerUnavailable : ReasonCode.ServerBusy;
        }

        if (reason != ReasonCode.Success)
        {
            LogRefused(logger, transport.Remote, reason);
            await RefuseAsync(transport, connect.Version, reason);
            return;
        }

        using var connection = new ChannelConnection(registry, channel!, transport, output, connect, options, time);
        _connections.TryAdd(connection, 0);
        try
        {
            if (_isStopping)
            {
                connection.Close(ReasonCode.ServerShuttingDown);
            }

            await connection.RunAsync();
        }
        finally
        {
            _connections.TryRemove(connection, out _);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before the host stops anything: Kestrel would end the connections without a word.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        foreach (var connection in _connections.Keys)
        {
            connection.Close(ReasonCode.ServerShuttingDown);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _timer?.Dispose();

    private static async Task RefuseAsync(RelayTransport transport, MqttVersion version, ReasonCode reason)
    {
        try
        {
            // A few bytes: they fit whatever is in between.
            await transport.Output.WriteAsync(ConnAckWriter.Write(version, reason, isSessionPresent: false, ChannelTerms.ConnAck, default, null));
        }
        catch (Exception exception) when (exception is IOException or ConnectionAbortedException)
        {
            // Nobody is there any more to be told.
        }
    }

    /// <summary>Whether a first packet opens a channel. One that is not there is refused like one whose secret is wrong.</summary>
    private (ReasonCode Reason, Channel? Channel) Judge(ConnectPacket connect)
    {
        if (!ChannelTopics.IsChannel(connect.UserName, out var id)
            || registry.Find(id) is not { Description.Kind: ChannelKind.Sealed } channel
            || !ChannelSocket.TryParseSecret(Encoding.UTF8.GetString(connect.Password ?? []), out var secret)
            || !channel.Description.IsOpenedBy(secret))
        {
            registry.Counters.Denied();
            return (ReasonCode.BadUserNameOrPassword, null);
        }

        if (connect.Will is not { } will)
        {
            return (ReasonCode.Success, channel);
        }

        // A will is a record that is appended for whoever cannot do it any more.
        var reason = will.IsRetained && connect.Version == MqttVersion.V5 ? ReasonCode.RetainNotSupported
            : new ChannelTopics(id).OfName(will.Topic) != ChannelTopic.Records ? ReasonCode.TopicNameInvalid
            : will.Payload.Length == 0 ? ReasonCode.PayloadFormatInvalid
            : ReasonCode.Success;
        return (reason, channel);
    }

    private void Sweep()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Sweep(options.StallTimeout);
        }
    }

    // Debug, because strangers decide how often it happens; the counters tell operators.
    [LoggerMessage(EventId = 1086, Level = LogLevel.Debug, Message = "A client of a channel over MQTT from {Remote} was refused: {Reason}")]
    private static partial void LogRefused(ILogger logger, EndPoint? remote, ReasonCode reason);
}
