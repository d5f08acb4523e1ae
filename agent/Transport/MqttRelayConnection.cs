using System.Buffers;
using MQTTnet;
using MQTTnet.Protocol;

namespace Messaging.Agent.Transport;

internal sealed class MqttRelayConnection : IRelayConnection
{
    private readonly string _topic;
    private readonly Func<ReadOnlyMemory<byte>, Task> _receive;
    private readonly CancellationTokenSource _ended = new();

    public MqttRelayConnection(IMqttClient client, string topic, Func<ReadOnlyMemory<byte>, Task> receive)
    {
        Client = client;
        _topic = topic;
        _receive = receive;
        Ended = _ended.Token;
        client.ApplicationMessageReceivedAsync += ReceiveAsync;
        client.DisconnectedAsync += DisconnectedAsync;
    }

    public IMqttClient Client { get; }

    public CancellationToken Ended { get; }

    public string? EndReason { get; private set; }

    public bool WasOrderly { get; private set; }

    public TimeSpan? RetryAfter { get; private set; }

    public async Task<PublishOutcome> PublishAsync(ReadOnlyMemory<byte> frame, CancellationToken ct)
    {
        try
        {
            var result = await Client.PublishAsync(
                new MqttApplicationMessage
                {
                    Topic = _topic,
                    Payload = new ReadOnlySequence<byte>(frame),
                    QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
                },
                ct);
            return result.ReasonCode switch
            {
                MqttClientPublishReasonCode.Success => PublishOutcome.Passed,
                MqttClientPublishReasonCode.NoMatchingSubscribers => PublishOutcome.NobodyThere,
                _ => PublishOutcome.Refused,
            };
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            // The end of the connection cancels what uses it, and may do so before the client has told it here by an exception of its own.
            ct.ThrowIfCancellationRequested();
            throw new RelayRefusedException(RelayRefusal.Unreachable, EndReason ?? e.GetBaseException().Message, e);
        }
    }

    /// <summary>Says goodbye if there is still somebody to say it to.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Client.IsConnected)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            try
            {
                await Client.DisconnectAsync(new MqttClientDisconnectOptions(), limit.Token);
            }
            catch (Exception e)
            {
                // A client whose connection breaks meanwhile fails in any way, NullReferenceException included; it is over all the same.
                EndReason ??= e.Message;
            }
        }

        Client.Dispose();
        await _ended.CancelAsync();
    }

    private Task ReceiveAsync(MqttApplicationMessageReceivedEventArgs args)
    {
        var payload = args.ApplicationMessage.Payload;
        return _receive(payload.IsSingleSegment ? payload.First : payload.ToArray());
    }

    private Task DisconnectedAsync(MqttClientDisconnectedEventArgs args)
    {
        // A relay that goes away without a word is reported as a normal disconnection; none of its words means one.
        WasOrderly = args.Exception is null
            && args.Reason is not (MqttClientDisconnectReason.NormalDisconnection or MqttClientDisconnectReason.KeepAliveTimeout);
        RetryAfter = ReturnTime.Of(args.UserProperties, isElsewhere: args.Reason is MqttClientDisconnectReason.UseAnotherServer or MqttClientDisconnectReason.ServerMoved);
        EndReason ??= args.Exception?.GetBaseException().Message
            ?? (string.IsNullOrEmpty(args.ReasonString) ? args.Reason.ToString() : args.ReasonString);
        return _ended.CancelAsync();
    }
}
