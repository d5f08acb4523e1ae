using Messaging.Relay.Access;
using Messaging.Relay.Authentication;
using Messaging.Relay.Connections;
using Messaging.Relay.Counters;
using Messaging.Relay.Limits;
using Messaging.Relay.Presence;
using Messaging.Relay.Principals;
using Messaging.Relay.Routing;
using Messaging.Relay.Transport;
using Messaging.Wire;
using Microsoft.Extensions.Hosting;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Messaging.Relay.Hosting;

/// <summary>
/// The stock broker, which reads packets and keeps the protocol's order, with every decision taken out of its hands:
/// who may connect, publish and subscribe, where messages go, and when a connection ends.
/// </summary>
internal sealed class RelayBroker : IHostedLifecycleService, IAsyncDisposable
{
    private const string SessionItem = "session";

    private readonly ConnectionAdapter _adapter = new();
    private readonly MqttServer _server;
    private readonly ConnectHandler _connects;
    private readonly PublishHandler _publishes;
    private readonly PrincipalDirectory _directory;
    private readonly PresencePublisher _presence;
    private readonly SessionEnder _ender;
    private readonly ChannelSweeper _sweeper;
    private readonly RelayOptions _options;
    private readonly RelayCounters _counters;
    private readonly ReturnTimes _returns;
    private readonly TimeProvider _time;

    public RelayBroker(
        ConnectHandler connects,
        PublishHandler publishes,
        PrincipalDirectory directory,
        PresencePublisher presence,
        SessionEnder ender,
        ChannelSweeper sweeper,
        RelayOptions options,
        RelayCounters counters,
        ReturnTimes returns,
        TimeProvider time,
        BrokerLog log)
    {
        _connects = connects;
        _publishes = publishes;
        _directory = directory;
        _presence = presence;
        _ender = ender;
        _sweeper = sweeper;
        _options = options;
        _counters = counters;
        _returns = returns;
        _time = time;
        var serverOptions = new MqttServerOptions
        {
            EnablePersistentSessions = false,

            // The channel keeps the time; the broker's own limit must only not be shorter.
            DefaultCommunicationTimeout = options.ConnectTimeout * 2,
        };
        _server = new MqttServer(serverOptions, [_adapter], log);
        _server.ValidatingConnectionAsync += OnConnectAsync;
        _server.ClientConnectedAsync += OnConnectedAsync;
        _server.InterceptingPublishAsync += OnPublishAsync;
        _server.InterceptingSubscriptionAsync += OnSubscribeAsync;
        _server.InterceptingUnsubscriptionAsync += OnUnsubscribeAsync;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => _server.StartAsync();

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before the host stops anything: Kestrel would end the connections without a word.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _server.AcceptNewConnections = false;
        return _sweeper.CloseAllAsync(MqttDisconnectReasonCode.ServerShuttingDown, _returns.WhenStopping);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync();

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server.IsStarted)
        {
            await _server.StopAsync();
        }

        _server.Dispose();
    }

    /// <summary>Serves a connection until it ends.</summary>
    public async Task RunAsync(RelayTransport transport, ConnectionTicket ticket)
    {
        using var channel = new RelayChannel(transport, ticket, _options, _counters, _time);
        _sweeper.Add(channel);
        try
        {
            if (_adapter.ClientHandler is { } handler)
            {
                await handler(channel);
            }
        }
        finally
        {
            _sweeper.Remove(channel);
            if (channel.Session is { } session)
            {
                _ender.End(session, MqttDisconnectReasonCode.NormalDisconnection);
            }

            await channel.EndAsync();
        }
    }

    private async Task OnConnectAsync(ValidatingConnectionEventArgs arguments)
    {
        if (await _connects.HandleAsync(arguments) is { } session)
        {
            session.Channel.Session = session;
            arguments.SessionItems[SessionItem] = session;
        }
    }

    private Task OnConnectedAsync(ClientConnectedEventArgs arguments)
    {
        _presence.Announce(Session(arguments.SessionItems));
        return Task.CompletedTask;
    }

    private async Task OnPublishAsync(InterceptingPublishEventArgs arguments)
    {
        arguments.ProcessPublish = false;
        arguments.Response.ReasonCode = await _publishes.HandleAsync(Session(arguments.SessionItems), arguments.ApplicationMessage);
    }

    private Task OnSubscribeAsync(InterceptingSubscriptionEventArgs arguments)
    {
        var session = Session(arguments.SessionItems);
        var filter = arguments.TopicFilter;
        var reason = AccessPolicy.Subscribe(session.Subject(_directory.Find(session.Id)), filter.Topic, filter.QualityOfServiceLevel);
        arguments.ProcessSubscription = false;
        arguments.Response.ReasonCode = reason;
        if (reason < MqttSubscribeReasonCode.UnspecifiedError)
        {
            session.Subscribe(filter.Topic, isAcknowledged: reason != MqttSubscribeReasonCode.GrantedQoS0);
            if (session.IsControl && string.Equals(filter.Topic, Topics.PresenceFilter, StringComparison.Ordinal))
            {
                _presence.Recall(session);
            }
        }

        return Task.CompletedTask;
    }

    private Task OnUnsubscribeAsync(InterceptingUnsubscriptionEventArgs arguments)
    {
        arguments.ProcessUnsubscription = false;
        arguments.Response.ReasonCode = Session(arguments.SessionItems).Unsubscribe(arguments.Topic)
            ? MqttUnsubscribeReasonCode.Success
            : MqttUnsubscribeReasonCode.NoSubscriptionExisted;
        return Task.CompletedTask;
    }

    private static RelaySession Session(System.Collections.IDictionary items) => (RelaySession)items[SessionItem]!;
}
