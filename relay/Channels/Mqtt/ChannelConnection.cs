using System.Buffers;
using System.Threading.Channels;
using Messaging.Relay.Channels.Http;
using Messaging.Relay.Limits;
using Messaging.Relay.Mqtt.Connections;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Transport;
using Messaging.Wire;
using Microsoft.AspNetCore.Connections;

namespace Messaging.Relay.Channels.Mqtt;

/// <summary>
/// One channel over MQTT. Packets are worked on one after the other; appends are answered in the order in which they came ([MQTT-4.6.0-2]), each when its record is on
/// the disk, and while as many wait as may, no more is read. There is no session: who comes again names in its filters where it goes on.
/// </summary>
internal sealed partial class ChannelConnection : IDisposable
{
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(2);

    private readonly ChannelRegistry _registry;
    private readonly Channel _channel;
    private readonly ChannelTopics _topics;
    private readonly RelayTransport _transport;
    private readonly AddressKey? _from;
    private readonly IByteChannel _output;
    private readonly ConnectPacket _connect;
    private readonly TimeProvider _time;
    private readonly TokenBucket _packets;
    private readonly TokenBucket _bytes;
    private readonly Outbox _outbox;
    private readonly ChannelSender _sender;
    private readonly Dictionary<string, ChannelSubscription> _subscriptions = new(StringComparer.Ordinal);
    private readonly HashSet<ushort> _unreleased = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly Channel<PendingAnswer> _answers =
        System.Threading.Channels.Channel.CreateBounded<PendingAnswer>(new BoundedChannelOptions(ChannelSocket.MaxAppends) { SingleReader = true, SingleWriter = true });

    private readonly List<ChannelSubscription> _replaced = [];
    private PendingAnswer? _taken;
    private bool _isConnected;
    private IDisposable? _stay;
    private bool _leavesWill = true;
    private int _isClosing;
    private long _receivedAt;

    /// <param name="registry">All channels.</param>
    /// <param name="channel">The one that its first packet opens.</param>
    /// <param name="transport">The connection; its first packet lies there whole.</param>
    /// <param name="output">The same, to send by.</param>
    /// <param name="connect">The first packet.</param>
    /// <param name="options">Rates.</param>
    /// <param name="time">The clock.</param>
    public ChannelConnection(
        ChannelRegistry registry, Channel channel, RelayTransport transport, IByteChannel output, ConnectPacket connect, RelayOptions options, TimeProvider time)
    {
        (_registry, _channel, _transport, _output, _connect, _time) = (registry, channel, transport, output, connect, time);
        _topics = new ChannelTopics(channel.Id);
        _from = AddressKey.Of(transport.Remote);
        _packets = new TokenBucket(options.PacketsPerSecond, options.PacketBurst, time);
        _bytes = new TokenBucket(options.BytesPerSecond, options.ByteBurst, time);
        _outbox = new Outbox(output, time, () => Close(null));
        _sender = new ChannelSender(_outbox, connect.Version, connect.MaximumPacketSize, registry.Counters.TooLargeForSubscriber);
        _receivedAt = time.GetTimestamp();
    }

    /// <summary>Serves the connection until it ends, and leaves when all that was appended by it is answered for.</summary>
    public async Task RunAsync()
    {
        var answering = AnswerAsync();
        try
        {
            await ReadAsync();
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            // The connection is over, whoever ended it.
        }

        foreach (var subscription in _subscriptions.Values)
        {
            await subscription.DisposeAsync();
        }

        _answers.Writer.Complete();
        await answering;
        await LeaveAsync();
        await FarewellAsync();
    }

    public void Dispose() => _ended.Dispose();

    /// <summary>Ends the connection; a client of MQTT 5 is told why. Only the first call counts.</summary>
    /// <param name="reason">Null: it cannot be told, or knows.</param>
    public void Close(ReasonCode? reason)
    {
        if (Interlocked.Exchange(ref _isClosing, 1) != 0)
        {
            return;
        }

        if (reason is { } why && _connect.Version == MqttVersion.V5)
        {
            _sender.Send(AnswerWriter.Disconnect(why));
        }

        _transport.Input.CancelPendingRead();
    }

    /// <summary>Ends a connection that is silent for longer than it said (MQTT 5 section 3.1.2.10), or takes nothing.</summary>
    public void Sweep(TimeSpan stallTimeout)
    {
        if (_connect.KeepAlive > 0 && _time.GetElapsedTime(Volatile.Read(ref _receivedAt)) > TimeSpan.FromSeconds(_connect.KeepAlive * 1.5))
        {
            Close(ReasonCode.KeepAliveTimeout);
        }
        else if (_outbox.WaitsSince is { } since && _time.GetElapsedTime(since) > stallTimeout)
        {
            // What waits is not taken: it could not be told.
            _registry.Counters.SlowConsumer();
            _outbox.Close();
            Close(null);
        }
    }

    private async Task ReadAsync()
    {
        while (Volatile.Read(ref _isClosing) == 0)
        {
            var read = await _transport.Input.ReadAsync();
            if (read.IsCanceled)
            {
                return;
            }

            Volatile.Write(ref _receivedAt, _time.GetTimestamp());
            var framing = PacketFraming.Measure(read.Buffer, ChannelTerms.MaxPacketBytes, out var length);
            switch (framing)
            {
                case FramingResult.Incomplete:
                    _transport.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                    if (read.IsCompleted)
                    {
                        return;
                    }

                    break;
                case FramingResult.Complete:
                    Work(read.Buffer.Slice(0, length));
                    _transport.Input.AdvanceTo(read.Buffer.GetPosition(length));
                    await FollowUpAsync(length);
                    break;
                default:
                    Close(framing == FramingResult.TooLarge ? ReasonCode.PacketTooLarge : ReasonCode.MalformedPacket);
                    return;
            }
        }
    }

    /// <summary>A packet, in one piece.</summary>
    private void Work(in ReadOnlySequence<byte> frame)
    {
        if (frame.IsSingleSegment)
        {
            Work(frame.FirstSpan);
            return;
        }

        var whole = ArrayPool<byte>.Shared.Rent((int)frame.Length);
        frame.CopyTo(whole);
        Work(whole.AsSpan(0, (int)frame.Length));
        ArrayPool<byte>.Shared.Return(whole);
    }

    private void Work(ReadOnlySpan<byte> packet)
    {
        PacketFraming.Measure(packet, packet.Length, packet.Length, out _, out var bodyAt);
        Handle(packet[0], packet[bodyAt..]);
    }

    /// <summary>What a packet has left to be waited for.</summary>
    private async ValueTask FollowUpAsync(int length)
    {
        if (_taken is { } answer)
        {
            _taken = null;
            await _answers.Writer.WriteAsync(answer, _ended.Token);
        }

        foreach (var subscription in _replaced)
        {
            await subscription.DisposeAsync();
        }

        _replaced.Clear();
        var pause = _packets.Take(1) is var one && _bytes.Take(length) is var many && one > many ? one : many;
        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, _time, _ended.Token);
        }
    }

    private async Task AnswerAsync()
    {
        await foreach (var answer in _answers.Reader.ReadAllAsync())
        {
            var status = answer.Appending is { } appending ? (await appending).Status : AppendStatus.Durable;
            var problem = status == AppendStatus.Durable ? null : ChannelProblem.Of(status);
            var reason = problem is null ? answer.Reason : ChannelTerms.Of(status);
            if (answer.Quality == QualityOfService.AtMostOnce)
            {
                // Nobody waits for it; the registry has counted what was refused.
                continue;
            }

            if (reason == ReasonCode.Success)
            {
                _sender.Acknowledge(AckOf(answer.Quality), answer.PacketId, reason);
            }
            else if (_connect.Version == MqttVersion.V5)
            {
                Forget(answer.PacketId);
                _sender.Send(AnswerWriter.RefusedAck(AckOf(answer.Quality), answer.PacketId, reason, _connect.WantsProblemInformation ? problem?.Words : null));
            }
            else
            {
                // MQTT 3.1.1 has no word for it: what is not acknowledged is sent again.
                Close(null);
            }

            if (status is AppendStatus.Stopping)
            {
                Close(ReasonCode.ServerShuttingDown);
            }
        }
    }

    /// <summary>Its presence ends, and its will is appended unless it has taken its leave (MQTT 5 section 3.1.2.5).</summary>
    private async Task LeaveAsync()
    {
        _stay?.Dispose();
        if (_leavesWill && _connect.Will is { } will)
        {
            await _registry.AppendAsync(_channel, will.Payload, _from);
        }
    }

    /// <summary>What was written before the end is sent, if the client takes it soon.</summary>
    private async Task FarewellAsync()
    {
        await _ended.CancelAsync();
        try
        {
            await _sender.FlushAsync().WaitAsync(FarewellLimit, _time);
        }
        catch (TimeoutException)
        {
            // It does not take it.
        }

        _outbox.Close();
        _output.Abort();
    }
}
