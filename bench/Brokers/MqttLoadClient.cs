using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Messaging.Bench.Brokers;

/// <summary>As little of an MQTT 3.1.1 client as load needs: what it costs must not be what is measured.</summary>
internal sealed class MqttLoadClient : IDisposable
{
    private const int BufferBytes = 256 * 1024;
    private readonly Socket _socket;
    private readonly byte[] _buffer = [];
    private int _have;

    private MqttLoadClient(Socket socket, bool isIdle)
    {
        _socket = socket;
        if (!isIdle)
        {
            _buffer = new byte[BufferBytes];
        }
    }

    /// <summary>Whether the broker has not closed it; of one that is sent nothing.</summary>
    public bool IsAlive => !_socket.Poll(0, SelectMode.SelectRead);

    public static async Task<MqttLoadClient> ConnectAsync(int port, string id, bool isIdle = false, bool isKept = false)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
            byte[] body = [0, 4, .. "MQTT"u8, 4, (byte)(isKept ? 0 : 2), 0, 0, 0, (byte)id.Length, .. Encoding.ASCII.GetBytes(id)];
            await socket.SendAsync(new[] { (byte)0x10, (byte)body.Length }.Concat(body).ToArray());
            var answer = new byte[4];
            for (var have = 0; have < answer.Length;)
            {
                have += await socket.ReceiveAsync(answer.AsMemory(have)) is > 0 and var read ? read : throw new IOException("The broker closed.");
            }

            return answer[3] == 0 ? new MqttLoadClient(socket, isIdle) : throw new IOException($"CONNACK {answer[3]}");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async Task SubscribeAsync(string topic, int quality)
    {
        await _socket.SendAsync(new byte[] { 0x82, (byte)(topic.Length + 5), 0, 1, 0, (byte)topic.Length }.Concat(Encoding.ASCII.GetBytes(topic)).Append((byte)quality).ToArray());
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
            await SendAsync(batch.AsMemory(0, now * packet.Length));
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

    public void Dispose() => _socket.Dispose();

    private static byte[] Packet(string topic, byte[] payload, int quality)
    {
        var remaining = 2 + topic.Length + (quality > 0 ? 2 : 0) + payload.Length;
        if (remaining is < 128 or >= 16384)
        {
            throw new ArgumentException("The bench sends messages whose length takes two bytes.", nameof(payload));
        }

        return [(byte)(0x30 | (quality << 1)), (byte)(remaining | 0x80), (byte)(remaining >> 7), 0, (byte)topic.Length, .. Encoding.ASCII.GetBytes(topic), .. quality > 0 ? new byte[2] : [], .. payload];
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes)..];
        }
    }

    /// <summary>Reads packets until so many of a kind are there.</summary>
    private async Task<int> ReadAsync(Func<int, bool> counts, int least)
    {
        var found = 0;
        var acknowledgements = new byte[4 * 4096];
        while (found < least)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(_have));
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
                        await SendAsync(acknowledgements);
                        owed = 0;
                    }
                }

                at += length;
            }

            if (owed > 0)
            {
                await SendAsync(acknowledgements.AsMemory(0, owed));
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
