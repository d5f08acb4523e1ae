using System.Net.Sockets;
using Messaging.Relay.Mqtt.Access;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Mqtt.Sessions;
using Messaging.Relay.Mqtt.Topics;
using Messaging.Relay.Transport;

namespace Messaging.Relay.Mqtt.Connections;

/// <summary>
/// One connection of the generic namespace: reads as much as there is, works on all whole packets of it in one go, and then sends to everybody who got something.
/// One loop reads; what is sent to it comes from anywhere.
/// </summary>
internal sealed partial class BrokerConnection
{
    /// <summary>What one turn may cost, in ordinary messages.</summary>
    private const int TurnBudget = 1024;

    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(2);
    private readonly Broker _broker;
    private readonly IByteChannel _channel;
    private readonly FlushList _flushes = new();
    private ReadBuffer _input;
    private AckQueue? _acks;
    private byte[][]? _aliases;
    private byte[] _foreign = [];
    private byte[] _routeTopic = [];
    private Route? _route;
    private uint _maximumPacketSize = uint.MaxValue;
    private int _needed;
    private int _isClosing;
    private bool _hasMore;
    private volatile bool _isTaken;
    private long _receivedAtMs;

    public BrokerConnection(Broker broker, IByteChannel channel, Permissions? permissions, long number, ConnectionOrigin? origin)
    {
        (_broker, _channel, Permissions, Number, _origin) = (broker, channel, permissions, number, origin);
        Outbox = new Outbox(channel, broker.Time, () => Close(null));
        AcceptedAtMs = _receivedAtMs = broker.NowMs;
    }

    public Outbox Outbox { get; }

    /// <summary>Null: everything is allowed.</summary>
    public Permissions? Permissions { get; }

    public MqttVersion Version { get; private set; } = MqttVersion.V311;

    /// <summary>Null before CONNECT was taken.</summary>
    public Session? Session { get; private set; }

    /// <summary>Messages of QoS 1 and 2 that may be in flight to this client.</summary>
    public int SendMaximum { get; private set; }

    public long NowMs => _broker.NowMs;

    public long AcceptedAtMs { get; }

    /// <summary>When something came last; on the broker's clock, in milliseconds.</summary>
    public long ReceivedAtMs => Volatile.Read(ref _receivedAtMs);

    /// <summary>Milliseconds of silence after which it ends; 0: never.</summary>
    public long SilenceMs { get; private set; }

    /// <summary>Whether the will is to be published: the client has not taken its leave.</summary>
    public bool LeavesWill { get; private set; } = true;

    public bool IsClosing => Volatile.Read(ref _isClosing) != 0;

    /// <summary>Serves the connection until it ends.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (!IsClosing)
            {
                await _channel.WaitAsync();
                var received = await _channel.ReceiveAsync(_input.Room(_needed));
                if (received == 0)
                {
                    break;
                }

                Volatile.Write(ref _receivedAtMs, NowMs);
                var isFull = _input.Add(received);
                Work();
                CountReceived();
                _flushes.Flush();
                while (_hasMore)
                {
                    await Turn.Next;
                    Work();
                    _flushes.Flush();
                }

                _input.Settle();
                if (_acks is { } acks)
                {
                    await acks.WhenRoomAsync();
                }

                // More has come than fits: others have their turn before it.
                if (isFull)
                {
                    await Turn.Next;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The connection is over, whoever ended it.
        }
        finally
        {
            _input.Release();
            _broker.Ended(this, _flushes);
            _flushes.Flush();
            await FarewellAsync();
        }
    }

    /// <summary>Ends the connection; a client of MQTT 5 is told why. Only the first call counts.</summary>
    /// <param name="reason">Null: it cannot be told.</param>
    public void Close(ReasonCode? reason)
    {
        if (Interlocked.Exchange(ref _isClosing, 1) != 0)
        {
            return;
        }

        // Nothing comes before CONNACK.
        if (reason is { } why && _isTaken && Version == MqttVersion.V5)
        {
            Send(AnswerWriter.Disconnect(why), null);
        }

        _ = FarewellAsync();
    }

    /// <summary>Writes a message for this client.</summary>
    /// <returns>False: it is larger than the client takes.</returns>
    public bool SendPublish(
        in Publication publication, QualityOfService quality, ReadOnlySpan<uint> ids, ushort packetId, bool isDuplicate, bool isRetained, FlushList flushes)
    {
        var writer = new PublishWriter(publication, Version, quality, ids, publication.ExpiresAtMs == long.MaxValue ? 0 : NowMs);
        var size = writer.Size;
        if (size > _maximumPacketSize)
        {
            _broker.Counters.TooLarge();
            return false;
        }

        bool isFirst;
        lock (Outbox.Gate)
        {
            var room = Outbox.Reserve(size, out isFirst);
            if (!room.IsEmpty)
            {
                writer.Write(room, publication, packetId, isDuplicate, isRetained);
                _sentLately.Add(1, _broker.SweptAtMs);
            }
        }

        if (isFirst)
        {
            flushes.Add(Outbox);
        }

        return true;
    }

    public void SendAck(PacketKind kind, ushort packetId, ReasonCode reason, FlushList flushes)
    {
        bool isFirst;
        lock (Outbox.Gate)
        {
            var room = Outbox.Reserve(AnswerWriter.AckSize(Version, reason), out isFirst);
            if (!room.IsEmpty)
            {
                AnswerWriter.Ack(room, kind, packetId, Version, reason);
            }
        }

        if (isFirst)
        {
            flushes.Add(Outbox);
        }
    }

    /// <param name="packet">A whole packet.</param>
    /// <param name="flushes">Null: it is sent at once.</param>
    private void Send(ReadOnlySpan<byte> packet, FlushList? flushes)
    {
        bool isFirst;
        lock (Outbox.Gate)
        {
            packet.CopyTo(Outbox.Reserve(packet.Length, out isFirst) is { IsEmpty: false } room ? room : new byte[packet.Length]);
        }

        if (flushes is null)
        {
            Outbox.Flush();
        }
        else if (isFirst)
        {
            flushes.Add(Outbox);
        }
    }

    /// <summary>Works on whole packets, as many as others can wait for.</summary>
    private void Work()
    {
        var data = _input.Data;
        var at = 0;
        _needed = 0;
        _hasMore = false;
        var budget = TurnBudget;
        while (!IsClosing)
        {
            var rest = data[at..];
            var result = PacketFraming.Measure(rest, rest.Length, Session is null ? _broker.Options.MaxConnectBytes : _broker.Options.MaxPacketBytes, out var length, out var bodyAt);
            if (result == FramingResult.Incomplete)
            {
                _needed = length;
                break;
            }

            if (result != FramingResult.Complete)
            {
                Fail(result == FramingResult.TooLarge ? ReasonCode.PacketTooLarge : ReasonCode.MalformedPacket);
                break;
            }

            Handle(rest[0], rest[bodyAt..length]);
            at += length;
            budget -= CostOf(rest[0]);
            if (budget <= 0)
            {
                _hasMore = true;
                break;
            }
        }

        _input.Use(at);
    }

    /// <summary>What a packet costs, in ordinary messages: what changes the tree of topics, or what is kept, costs everybody.</summary>
    private static int CostOf(byte first) => (PacketKind)(first >> 4) switch
    {
        PacketKind.Subscribe or PacketKind.Unsubscribe => 32,
        PacketKind.Publish when (first & 1) != 0 => 8,
        _ => 1,
    };

    /// <summary>The client has broken the protocol.</summary>
    private void Fail(ReasonCode reason)
    {
        _broker.Counters.Malformed();
        Close(reason);
    }

    /// <summary>What was written before the end is sent, if the client takes it soon.</summary>
    private async Task FarewellAsync()
    {
        Outbox.Flush();
        try
        {
            await Outbox.WhenSentAsync().WaitAsync(FarewellLimit, _broker.Time);
        }
        catch (TimeoutException)
        {
            // It does not take it.
        }

        Outbox.Close();
        _channel.Abort();
    }
}
