using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Adapter;
using MQTTnet.Channel;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Diagnostics.PacketInspection;
using MQTTnet.Formatter;

namespace Messaging.Agent.Transport;

/// <summary>What the MQTT client reads from and writes to. For one connection.</summary>
/// <param name="open">Opens the byte stream.</param>
/// <param name="isSecure">Whether there is TLS in it.</param>
internal sealed class LinkChannel(Func<CancellationToken, Task<RelayLink>> open, bool isSecure) : IMqttChannel, IMqttClientAdapterFactory
{
    private RelayLink? _link;

    public X509Certificate2? ClientCertificate => null;

    public EndPoint? RemoteEndPoint => null;

    public EndPoint? LocalEndPoint => null;

    public bool IsSecureConnection => isSecure;

    private RelayLink Link => _link ?? throw new IOException("there is no connection");

    public IMqttChannelAdapter CreateClientAdapter(MqttClientOptions options, MqttPacketInspector packetInspector, IMqttNetLogger logger)
    {
        var writer = new MqttBufferWriter(options.WriterBufferSize, options.WriterBufferSizeMax);
        return new MqttChannelAdapter(this, new MqttPacketFormatterAdapter(options.ProtocolVersion, writer), logger)
        {
            // One write a packet: one TLS record, one WebSocket frame, one request.
            AllowPacketFragmentation = false,
            PacketInspector = packetInspector,
        };
    }

    public async Task ConnectAsync(CancellationToken cancellationToken) => _link = await open(cancellationToken);

    public async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _link, null) is { } link)
        {
            await link.Owner.DisposeAsync();
        }
    }

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        await Link.Input.ReadAsync(buffer.AsMemory(offset, count), cancellationToken);

    public async Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken)
    {
        var output = Link.Output;
        foreach (var segment in buffer)
        {
            await output.WriteAsync(segment, cancellationToken);
        }

        await output.FlushAsync(cancellationToken);
    }

    public void Dispose()
    {
        // Called without a DISCONNECT before, the link may still be there; nothing can be awaited here.
        _ = DisconnectAsync(CancellationToken.None);
    }
}
