using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Messaging.Bench.Brokers;

/// <summary>As little of an MQTT 3.1.1 client as load needs: what it costs must not be what is measured.</summary>
internal sealed class MqttLoadClient : IDisposable
{
    private const int BufferBytes = 256 * 1024;
    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly byte[] _buffer = [];
    private int _have;

    private MqttLoadClient(Socket socket, Stream stream, bool isIdle)
    {
        (_socket, _stream) = (socket, stream);
        if (!isIdle)
        {
            _buffer = new byte[BufferBytes];
        }
    }

    /// <summary>Whether the broker has not closed it; of one that is sent nothing.</summary>
    public bool IsAlive => !_socket.Poll(0, SelectMode.SelectRead) || (_stream is SslStream && _socket.Available > 0);

    public static async Task<MqttLoadClient> ConnectAsync(BrokerAddress address, string id, bool isIdle = false, bool isKept = false)
    {
        var (socket, stream) = await OpenAsync(address, CancellationToken.None);
        try
        {
            await stream.WriteAsync(Connect(address, id, isKept));
            var answer = new byte[4];
            await stream.ReadExactlyAsync(answer);
            return answer[3] == 0 ? new MqttLoadClient(socket, stream, isIdle) : throw new IOException($"CONNACK {answer[3]}");
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection on which nothing is said yet. Whose certificate it is does not matter here.</summary>
    public static async Task<(Socket Socket, Stream Stream)> OpenAsync(BrokerAddress address, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (address.From is { } from)
            {
                socket.Bind(new IPEndPoint(from, 0));
            }

            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, address.Port), ct);
            var stream = new NetworkStream(socket, ownsSocket: true);
            if (!address.IsTls)
            {
                return (socket, stream);
            }

            var tls = new SslStream(stream);
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null }, ct);
            return (socket, tls);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A CONNECT of MQTT 3.1.1.</summary>
    public static byte[] Connect(BrokerAddress address, string id, bool isKept)
    {
        var flags = (isKept ? 0 : 2) | (address.User.Length > 0 ? 0xC0 : 0);
        byte[] body = [0, 4, .. "MQTT"u8, 4, (byte)flags, 0, 0, .. Text(id), .. address.User.Length > 0 ? [.. Text(address.User), .. Text(address.Password)] : Array.Empty<byte>()];
        return [0x10, (byte)body.Length, .. body];
    }

    public async Task SubscribeAsync(string topic, int quality)
    {
        await _stream.WriteAsync(new byte[] { 0x82, (byte)(topic.Length + 5), 0, 1, 0, (byte)topic.Length }.Concat(Encoding.ASCII.GetBytes(topic)).Append((byte)quality).ToArray());
        await ReadAsync(static _ => true, 1);
    }

    /// <summary>Sends so many messages as fast as they are taken; of QoS 1, no more than a window without their acknowledgement.</summary>
    public async Task PublishAsync(string topic, byte[] payload, int quality, int count, Pace pace, int window, int atOnce)
    {
        var packet = Packet(topic, payload, quality);
        var batch = new byte[packet.Length * atOnce];
        var (sent, acknowledged, id) = (0, 0, (ushort)0);
        while (sent < count)
        {
            var now = Math.Min(atOnce, count - sent);
            if (quality > 0 && sent - acknowledged + now > window)
            {
                acknowledged += await ReadAsync(static kind => kind == 4, 1);
                continue;
            }

            for (var index = 0; index < now; index++)
            {
                packet.CopyTo(batch, index * packet.Length);
                if (quality > 0)
                {
                    id = id == ushort.MaxValue ? (ushort)1 : (ushort)(id + 1);
                    BinaryPrimitives.WriteUInt16BigEndian(batch.AsSpan((index * packet.Length) + 5 + topic.Length), id);
                }
            }

            await pace.WaitAsync(now);
            await _stream.WriteAsync(batch.AsMemory(0, now * packet.Length));
            sent += now;
        }

        while (quality > 0 && acknowledged < count)
        {
            acknowledged += await ReadAsync(static kind => kind == 4, 1);
        }
    }

    /// <summary>Takes so many messages, and acknowledges those of QoS 1.</summary>
    public async Task TakeAsync(int count, Action<int> progress)
    {
        for (var taken = 0; taken < count;)
        {
            taken += await ReadAsync(static kind => kind == 3, 1);
            progress(taken);
        }
    }

    public void Dispose() => _stream.Dispose();

    private static byte[] Text(string text) => [(byte)(text.Length >> 8), (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Packet(string topic, byte[] payload, int quality)
    {
        var remaining = 2 + topic.Length + (quality > 0 ? 2 : 0) + payload.Length;
        if (remaining is < 128 or >= 16384)
        {
            throw new ArgumentException("The bench sends messages whose length takes two bytes.", nameof(payload));
        }

        return [(byte)(0x30 | (quality << 1)), (byte)(remaining | 0x80), (byte)(remaining >> 7), 0, (byte)topic.Length, .. Encoding.ASCII.GetBytes(topic), .. quality > 0 ? new byte[2] : [], .. payload];
    }

    /// <summary>Reads packets until so many of a kind are there.</summary>
    private async Task<int> ReadAsync(Func<int, bool> counts, int least)
    {
        var found = 0;
        var acknowledgements = new byte[4 * 4096];
        while (found < least)
        {
            var read = await _stream.ReadAsync(_buffer.AsMemory(_have));
            if (read == 0)
            {
                throw new IOException("The broker closed.");
            }

            _have += read;
            var (at, owed) = (0, 0);
            while (TryFrame(_buffer.AsSpan(at, _have - at), out var header, out var length))
            {
                var kind = _buffer[at] >> 4;
                found += counts(kind) ? 1 : 0;
                if (kind == 3 && (_buffer[at] & 6) == 2)
                {
                    var topic = BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(at + header));
                    (acknowledgements[owed], acknowledgements[owed + 1]) = (0x40, 2);
                    _buffer.AsSpan(at + header + 2 + topic, 2).CopyTo(acknowledgements.AsSpan(owed + 2));
                    owed += 4;
                    if (owed == acknowledgements.Length)
                    {
                        await _stream.WriteAsync(acknowledgements);
                        owed = 0;
                    }
                }

                at += length;
            }

            if (owed > 0)
            {
                await _stream.WriteAsync(acknowledgements.AsMemory(0, owed));
            }

            _buffer.AsSpan(at, _have - at).CopyTo(_buffer);
            _have -= at;
        }

        return found;
    }

    private static bool TryFrame(ReadOnlySpan<byte> data, out int header, out int length)
    {
        (header, length) = (0, 0);
        for (var index = 1; index < data.Length && index < 5; index++)
        {
            length |= (data[index] & 0x7F) << (7 * (index - 1));
            if ((data[index] & 0x80) == 0)
            {
                header = index + 1;
                length += header;
                return data.Length >= length;
            }
        }

        return false;
    }
}
