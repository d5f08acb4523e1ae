using System.Buffers;
using Messaging.FleetServer.Trust;
using Messaging.Wire;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace Messaging.FleetServer.Relaying;

/// <summary>
/// Control's connection to the relay: connects, sends the directory, then listens; starts anew whenever it breaks. It begins when
/// the whole host has started and takes its end for granted once the host stops: the relay may be a part of this very process.
/// </summary>
internal sealed partial class RelayLink(
    RelayLinkOptions options,
    FleetKeys keys,
    DirectorySource directory,
    RelayInbox inbox,
    RelayStatus status,
    TimeProvider time,
    ILogger<RelayLink> logger) : BackgroundService, IHostedLifecycleService, IRelayPublisher
{
    private readonly Backoff _backoff = new(options.ShortestDelay, options.LongestDelay);
    private readonly TaskCompletionSource _hostStarted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _hostStopping = new();
    private volatile IMqttClient? _client;

    public async Task<PublishResult> PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (_client is not { IsConnected: true } client)
        {
            return PublishResult.Failed;
        }

        try
        {
            return await PublishAsync(client, topic, payload, cancellationToken) switch
            {
                MqttClientPublishReasonCode.Success => PublishResult.Passed,
                MqttClientPublishReasonCode.NoMatchingSubscribers => PublishResult.NobodyThere,
                _ => PublishResult.Failed,
            };
        }
        catch (Exception error) when (IsConnectionTrouble(client, error) && !cancellationToken.IsCancellationRequested)
        {
            Log.PublishFailed(logger, error.Message);
            return PublishResult.Failed;
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Now an embedded relay listens.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _hostStarted.TrySetResult();
        return Task.CompletedTask;
    }

    /// <summary>Before an embedded relay, which registers earlier and so stops later, says goodbye.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => _hostStopping.CancelAsync();

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Dispose()
    {
        base.Dispose();
        _hostStopping.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, _hostStopping.Token);
        await _hostStarted.Task.WaitAsync(ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!ending.IsCancellationRequested)
        {
            try
            {
                await ConnectAndServeAsync(stoppingToken);
            }
            catch (Exception error) when (ending.IsCancellationRequested)
            {
                Log.Ended(logger, options.Address, error.GetBaseException().Message);
            }
            catch (Exception error)
            {
                status.Enter(RelayLinkState.Disconnected, error.GetBaseException().Message);
                Log.Lost(logger, options.Address, error.GetBaseException().Message);
            }

            inbox.ConnectionLost();
            await Task.Delay(_backoff.Next(), time, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        status.Enter(RelayLinkState.Disconnected);
    }

    /// <summary>A client that is not connected any more fails in any way, NullReferenceException included.</summary>
    private static bool IsConnectionTrouble(IMqttClient client, Exception error) =>
        !client.IsConnected || error is MqttCommunicationException or MqttClientDisconnectedException or OperationCanceledException or ObjectDisposedException;

    private async Task ConnectAndServeAsync(CancellationToken stoppingToken)
    {
        status.Enter(RelayLinkState.Connecting);
        using var client = new MqttClientFactory().CreateMqttClient();
        using var alive = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var ended = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += args =>
        {
            ended.TrySetResult(args.Exception?.GetBaseException().Message ?? args.ReasonString ?? args.Reason.ToString());
            return alive.CancelAsync();
        };
        client.ApplicationMessageReceivedAsync += args => ReceiveAsync(client, args);

        await ConnectAsync(client, alive.Token);
        try
        {
            await SynchronizeAsync(client, alive.Token);
            _client = client;
            _backoff.Reset();
            status.Enter(RelayLinkState.Ready);
            Log.Ready(logger, options.Address);
            await SendChangesAsync(client, alive.Token);
        }
        catch (OperationCanceledException) when (ended.Task.IsCompleted && !stoppingToken.IsCancellationRequested)
        {
            throw new MqttCommunicationException($"The connection ended: {await ended.Task}");
        }
        finally
        {
            _client = null;
        }
    }

    private async Task ConnectAsync(IMqttClient client, CancellationToken cancellationToken)
    {
        var responder = new ChallengeResponder(keys);
        using var deadline = new CancellationTokenSource(options.Timeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var result = await client.ConnectAsync(RelayConnectOptions.Create(options, responder), limit.Token);
        if (result.ResultCode != MqttClientConnectResultCode.Success)
        {
            throw new MqttCommunicationException($"The relay refused the connection: {result.ResultCode} {result.ReasonString}");
        }
    }

    /// <summary>The relay turns every device away until it has the whole directory.</summary>
    private async Task SynchronizeAsync(IMqttClient client, CancellationToken cancellationToken)
    {
        status.Enter(RelayLinkState.Synchronizing);
        await client.SubscribeAsync(Subscriptions(Topics.DirectoryAck, Topics.RelayStats), cancellationToken);
        foreach (var update in directory.Snapshot())
        {
            await SendAsync(client, update, cancellationToken);
        }

        await client.SubscribeAsync(Subscriptions(Topics.PresenceFilter, Topics.UpFilter), cancellationToken);
    }

    private async Task SendChangesAsync(IMqttClient client, CancellationToken cancellationToken)
    {
        while (true)
        {
            await SendAsync(client, await directory.NextChangeAsync(cancellationToken), cancellationToken);
        }
    }

    private async Task SendAsync(IMqttClient client, DirectoryUpdate update, CancellationToken cancellationToken)
    {
        status.Change(current => current with { DirectoryVersion = update.Version });
        var reason = await PublishAsync(client, Topics.Directory, update.Encode(), cancellationToken);
        if (reason != MqttClientPublishReasonCode.Success)
        {
            throw new MqttCommunicationException($"The relay refused version {update.Version} of the directory: {reason}");
        }
    }

    private async Task<MqttClientPublishReasonCode> PublishAsync(
        IMqttClient client, string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.Timeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var message = new MqttApplicationMessage
        {
            Topic = topic,
            Payload = new ReadOnlySequence<byte>(payload),
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        };
        return (await client.PublishAsync(message, limit.Token)).ReasonCode;
    }

    private static MqttClientSubscribeOptions Subscriptions(params ReadOnlySpan<string> filters)
    {
        var builder = new MqttClientSubscribeOptionsBuilder();
        foreach (var filter in filters)
        {
            builder.WithTopicFilter(filter, MqttQualityOfServiceLevel.AtLeastOnce);
        }

        return builder.Build();
    }

    private Task ReceiveAsync(IMqttClient client, MqttApplicationMessageReceivedEventArgs args)
    {
        args.AutoAcknowledge = false;
        return inbox.TakeAsync(args.ApplicationMessage.Topic, args.ApplicationMessage.Payload, () => AcknowledgeAsync(client, args));
    }

    private async Task AcknowledgeAsync(IMqttClient client, MqttApplicationMessageReceivedEventArgs args)
    {
        try
        {
            await args.AcknowledgeAsync(CancellationToken.None);
        }
        catch (Exception error) when (IsConnectionTrouble(client, error))
        {
            // The relay forgets with the connection what it had in flight.
            Log.AcknowledgeFailed(logger, error.Message);
        }
    }
}
