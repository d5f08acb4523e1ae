using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Messaging.Crypto;
using Messaging.Wire;
using MQTTnet.AspNetCore;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Support;

/// <summary>A client that sends what it likes, byte for byte, and reads what comes back.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Stream _stream;
    private readonly PipeReader _reader;
    private readonly MqttPacketFormatterAdapter _formatter;

    private RawClient(Stream stream, MqttProtocolVersion version)
    {
        _stream = stream;
        _reader = PipeReader.Create(stream);
        _formatter = new MqttPacketFormatterAdapter(version, new MqttBufferWriter(4096, 65535));
    }

    public static Task<RawClient> OpenAsync(RelayHost host, MqttProtocolVersion version = MqttProtocolVersion.V500, int? receiveBuffer = null) =>
        OpenAsync(host.Port, version, receiveBuffer);

    public static async Task<RawClient> OpenAsync(int port, MqttProtocolVersion version = MqttProtocolVersion.V500, int? receiveBuffer = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } bytes)
        {
            socket.ReceiveBufferSize = bytes;
        }

        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), Wait.Timeout);
        return new RawClient(new NetworkStream(socket, ownsSocket: true), version);
    }

    /// <summary>On whatever carries bytes.</summary>
    public static RawClient Over(Stream stream, MqttProtocolVersion version = MqttProtocolVersion.V500) => new(stream, version);

    /// <summary>A raw client that has passed authentication as a device or control.</summary>
    public static async Task<RawClient> ConnectAsync(
        RelayHost host, Principal principal, Action<MqttConnectPacket>? change = null, int? receiveBuffer = null)
    {
        var client = await OpenAsync(host, receiveBuffer: receiveBuffer);
        var connAck = Assert.IsType<MqttConnAckPacket>(await client.AuthenticateAsync(host, principal, change));
        Assert.Equal(MqttConnectReasonCode.Success, connAck.ReasonCode);
        client.ConnAck = connAck;
        return client;
    }

    public MqttConnAckPacket? ConnAck { get; private set; }

    public static MqttConnectPacket Hello(Principal principal, out RelayHello hello)
    {
        hello = RelayCredentials.CreateHello(principal.Id);
        return new MqttConnectPacket
        {
            ClientId = principal.Name,
            CleanSession = true,
            KeepAlivePeriod = 60,
            AuthenticationMethod = RelayAuthentication.Method,
            AuthenticationData = hello.Encode(),
        };
    }

    public static MqttAuthPacket Answer(byte[] data) => new()
    {
        AuthenticationMethod = RelayAuthentication.Method,
        AuthenticationData = data,
        ReasonCode = MqttAuthenticateReasonCode.ContinueAuthentication,
    };

    public async Task<MqttPacket?> AuthenticateAsync(RelayHost host, Principal principal, Action<MqttConnectPacket>? change = null)
    {
        var connect = Hello(principal, out var hello);
        change?.Invoke(connect);
        await SendAsync(connect);
        if (await ReceiveAsync() is not MqttAuthPacket auth)
        {
            return null;
        }

        Assert.True(RelayChallenge.TryDecode(auth.AuthenticationData, out var challenge));
        await SendAsync(Answer(RelayCredentials.CreateResponse(principal.Key, hello, challenge, principal == host.Control)));
        return await ReceiveAsync();
    }

    public byte[] Encode(MqttPacket packet)
    {
        var bytes = _formatter.Encode(packet).ToArray();
        _formatter.Cleanup();
        return bytes;
    }

    public Task SendAsync(MqttPacket packet) => SendAsync(Encode(packet));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await _stream.WriteAsync(bytes, Wait.Timeout);
        await _stream.FlushAsync(Wait.Timeout);
    }

    /// <summary>Sends what the relay may refuse to read to its end.</summary>
    public async Task TrySendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await SendAsync(bytes);
        }
        catch (IOException)
        {
            // It closed before it had read all: that is its right.
        }
    }

    public void EndSending() => ((NetworkStream)_stream).Socket.Shutdown(SocketShutdown.Send);

    /// <summary>The next packet, or null when the relay has closed the connection.</summary>
    public async Task<MqttPacket?> ReceiveAsync()
    {
        while (true)
        {
            ReadResult read;
            try
            {
                read = await _reader.ReadAsync(Wait.Timeout);
            }
            catch (IOException)
            {
                return null;
            }

            if (_formatter.TryDecode(read.Buffer, out var packet, out var consumed, out var observed, out _))
            {
                _reader.AdvanceTo(consumed, observed);
                return packet;
            }

            if (read.IsCompleted)
            {
                Assert.True(read.Buffer.IsEmpty, "The relay closed in the middle of a packet.");
                return null;
            }

            _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Reads until the DISCONNECT and answers its reason; null when the relay closed without one.</summary>
    public async Task<MqttDisconnectReasonCode?> DisconnectReasonAsync()
    {
        MqttDisconnectReasonCode? reason = null;
        while (await ReceiveAsync() is { } packet)
        {
            reason = packet is MqttDisconnectPacket disconnect ? disconnect.ReasonCode : reason;
        }

        return reason;
    }

    /// <summary>Reads whatever comes until the relay has closed the connection.</summary>
    public async Task DrainAsync()
    {
        try
        {
            while (await _reader.ReadAsync(Wait.Timeout) is { IsCompleted: false } read)
            {
                _reader.AdvanceTo(read.Buffer.End);
            }
        }
        catch (IOException)
        {
            // Reset instead of closed.
        }
    }

    public async Task SubscribeAsync(string filter)
    {
        await SendAsync(new MqttSubscribePacket
        {
            PacketIdentifier = 1,
            TopicFilters = [new MqttTopicFilter { Topic = filter, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce }],
        });
        Assert.Equal([MqttSubscribeReasonCode.GrantedQoS1], Assert.IsType<MqttSubAckPacket>(await ReceiveAsync()).ReasonCodes);
    }

    /// <summary>As control: gives the relay a directory.</summary>
    public async Task PublishSnapshotAsync(params DirectoryEntry[] entries)
    {
        ushort id = 1;
        foreach (var kind in new[] { DirectoryUpdateKind.SnapshotBegin, DirectoryUpdateKind.SnapshotEnd })
        {
            await SendAsync(new MqttPublishPacket
            {
                Topic = Topics.Directory,
                QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
                PacketIdentifier = id++,
                Payload = new ReadOnlySequence<byte>(new DirectoryUpdate(1, kind, entries).Encode()),
            });
            Assert.Equal(MqttPubAckReasonCode.Success, Assert.IsType<MqttPubAckPacket>(await ReceiveAsync()).ReasonCode);
        }
    }

    public void Dispose() => _stream.Dispose();
}
