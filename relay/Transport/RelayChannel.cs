using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Messaging.Relay.Connections;
using Messaging.Relay.Counters;
using Messaging.Relay.Limits;
using MQTTnet.Adapter;
using MQTTnet.AspNetCore;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Transport;

/// <summary>
/// One MQTT connection. It stands between the byte stream and the stock broker, and holds every limit that the broker
/// lacks: sizes before allocation, rates, the terms of <see cref="InboundRules"/>, keep-alive, and its own bounded way
/// out for messages. It never throws at the broker for what a peer does; a connection that is over reads as null.
/// </summary>
internal sealed partial class RelayChannel : IMqttChannelAdapter
{
    private const int WriteBufferBytes = 1024;
    private const int WriteBufferKeptBytes = 4096;

    private readonly RelayTransport _transport;
    private readonly RelayOptions _options;
    private readonly RelayCounters _counters;
    private readonly TimeProvider _time;
    private readonly TokenBucket _packetBucket;
    private readonly TokenBucket _byteBucket;
    private readonly Dictionary<ushort, int[]> _subAckOrders = [];
    private volatile ChannelPhase _phase;
    private volatile bool _isControl;
    private int _packetLimit;

    public RelayChannel(RelayTransport transport, ConnectionTicket ticket, RelayOptions options, RelayCounters counters, TimeProvider time)
    {
        _transport = transport;
        Ticket = ticket;
        _options = options;
        _counters = counters;
        _time = time;
        _packetLimit = options.MaxUnauthenticatedPacketBytes;
        _packetBucket = new TokenBucket(options.PacketsPerSecond, options.PacketBurst, time);
        _byteBucket = new TokenBucket(options.BytesPerSecond, options.ByteBurst, time);
        _receivedAt = time.GetTimestamp();
        _acceptedAt = transport.AcceptedAt ?? _receivedAt;
        PacketFormatterAdapter = new MqttPacketFormatterAdapter(new MqttBufferWriter(WriteBufferBytes, WriteBufferKeptBytes));
    }

    /// <summary>The connection's place at the gate.</summary>
    public ConnectionTicket Ticket { get; }

    /// <summary>The session, once it is made.</summary>
    public RelaySession? Session { get; set; }

    /// <summary>The CONNECT packet, as soon as it has been read.</summary>
    public MqttConnectPacket? Connect { get; private set; }

    /// <summary>When a client that is refused may come back; null when that would not help.</summary>
    public TimeSpan? ReturnAfter { get; set; }

    /// <summary>What waits for this client; null before authentication.</summary>
    public OutboundQueue? Outbound { get; private set; }

    public long BytesReceived { get; private set; }

    public long BytesSent { get; private set; }

    public X509Certificate2? ClientCertificate => null;

    public EndPoint? RemoteEndPoint => _transport.Remote;

    public EndPoint? LocalEndPoint => null;

    public bool IsSecureConnection => _transport.TlsSpkiSha256 is not null;

    /// <summary>SHA-256 of the SPKI of the certificate that this end showed, or null without TLS.</summary>
    public byte[]? TlsSpkiSha256 => _transport.TlsSpkiSha256;

    public MqttPacketFormatterAdapter PacketFormatterAdapter { get; }

    /// <summary>Whether the client can be told reasons.</summary>
    public bool IsVersion5 => PacketFormatterAdapter.ProtocolVersion == MqttProtocolVersion.V500;

    /// <summary>How the client is connected, for presence: "mqtt5" or "mqtt3.1.1", then "+tls", and "+ws" or "+poll" where they apply.</summary>
    public string TransportName => (IsVersion5 ? "mqtt5" : "mqtt3.1.1") + _transport.Carriers;

    /// <summary>The peer is authenticated: larger packets, and a queue of its own.</summary>
    public void Admit(bool isControl)
    {
        _isControl = isControl;
        _packetLimit = _options.MaxPacketBytes;
        Outbound = isControl
            ? new OutboundQueue(_options.MaxControlQueuedBytes, reservedBytes: _options.MaxControlQueuedBytes / 8, _time)
            : new OutboundQueue(_options.MaxQueuedBytes, reservedBytes: 0, _time);
        Outbound.LimitWindow(Connect?.ReceiveMaximum ?? 0);
    }

    public async Task<MqttPacket?> ReceivePacketAsync(CancellationToken cancellationToken)
    {
        while (!IsClosing)
        {
            try
            {
                var read = await _transport.Input.ReadAsync(cancellationToken);
                if (read.IsCanceled || IsClosing)
                {
                    return null;
                }

                var framing = PacketFraming.Measure(read.Buffer, _packetLimit, out var length);
                if (framing == FramingResult.Incomplete)
                {
                    _transport.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                    if (read.IsCompleted)
                    {
                        return null;
                    }

                    continue;
                }

                if (framing != FramingResult.Complete)
                {
                    Refuse(framing);
                    return null;
                }

                var packet = Decode(read.Buffer.Slice(0, length));
                _transport.Input.AdvanceTo(read.Buffer.GetPosition(length));
                if (packet is null)
                {
                    Refuse(FramingResult.Malformed);
                    return null;
                }

                BytesReceived += length;
                await PaceAsync(length);
                if (Take(packet) is { } taken)
                {
                    return taken;
                }
            }
            catch (Exception exception) when (IsEndOfConnection(exception))
            {
                return null;
            }
        }

        return null;
    }

    public void ResetStatistics()
    {
        BytesReceived = 0;
        BytesSent = 0;
    }

    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private MqttPacket? Decode(in ReadOnlySequence<byte> frame)
    {
        try
        {
            return PacketFormatterAdapter.TryDecode(frame, out var packet, out _, out _, out _) ? packet : null;
        }
        // The library's parsers throw whatever they run into (index, argument, encoding, their own types): all mean the same.
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return null;
        }
    }

    /// <summary>Holds a packet against the rules; answers null when it is done with, or the connection is.</summary>
    private MqttPacket? Take(MqttPacket packet)
    {
        if (InboundRules.Violation(packet, _phase) is { } reason)
        {
            _counters.Count(RelayCounter.ProtocolViolations);
            Close(reason);
            return null;
        }

        switch (packet)
        {
            case MqttConnectPacket connect:
                TakeConnect(connect);
                return connect;
            case MqttPubAckPacket acknowledgement:
                Outbound?.Acknowledge(acknowledgement.PacketIdentifier);
                return null;
            case MqttSubscribePacket subscribe when SubAckOrder.Of(subscribe) is { } order:
                lock (_subAckOrders)
                {
                    _subAckOrders[subscribe.PacketIdentifier] = order;
                }

                return subscribe;
            default:
                return packet;
        }
    }

    private void TakeConnect(MqttConnectPacket connect)
    {
        Connect = connect;
        _phase = ChannelPhase.Authenticating;
        _keepAlive = KeepAlive(connect.KeepAlivePeriod);

        // The broker's own monitor would not see the acknowledgements that end in this class; 0 switches it off.
        connect.KeepAlivePeriod = 0;

        // Nothing outlives a connection here; what was not acknowledged end to end is sent again by its owner.
        connect.CleanSession = true;
        connect.SessionExpiryInterval = 0;
    }

    /// <summary>Pauses the reader of a device that is over its rate. The unread bytes stay with the sender: that is TCP's flow control.</summary>
    private async ValueTask PaceAsync(int length)
    {
        var pause = _isControl ? TimeSpan.Zero : Max(_packetBucket.Take(1), _byteBucket.Take(length));
        if (pause > TimeSpan.Zero)
        {
            _counters.Count(RelayCounter.PacketsDelayed);
            using var hold = Hold();
            await Task.Delay(pause, _time, _closed.Token);
        }

        _receivedAt = _time.GetTimestamp();
    }

    private void Refuse(FramingResult framing)
    {
        var tooLarge = framing == FramingResult.TooLarge;
        _counters.Count(tooLarge ? RelayCounter.OversizedPackets : RelayCounter.MalformedPackets);
        Close(tooLarge ? MqttDisconnectReasonCode.PacketTooLarge : MqttDisconnectReasonCode.MalformedPacket);
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
