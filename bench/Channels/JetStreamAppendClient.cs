using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Messaging.Bench.Channels;

/// <summary>NATS JetStream, by its text protocol: each message has a subject to answer to, and the answer says that it is stored.</summary>
internal sealed class JetStreamAppendClient : IAppendClient
{
    private readonly TcpClient _tcp;
    private readonly NetworkStream _stream;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private string _name = "";

    private JetStreamAppendClient(TcpClient tcp) => (_tcp, _stream) = (tcp, tcp.GetStream());

    public static async Task<IAppendClient> ConnectAsync(int port, string name, bool makesStream)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(IPAddress.Loopback, port);
        var client = new JetStreamAppendClient(tcp);
        await client.LineAsync();
        await client.WriteAsync($"CONNECT {{\"verbose\":false,\"headers\":true}}\r\nSUB answers.{name} 1\r\n");
        if (makesStream)
        {
            const string stream = "{\"name\":\"bench\",\"subjects\":[\"log\"],\"storage\":\"file\",\"retention\":\"limits\",\"num_replicas\":1}";
            await client.WriteAsync($"PUB $JS.API.STREAM.CREATE.bench answers.{name} {stream.Length}\r\n{stream}\r\n");
            var answer = await client.AnswerAsync();
            if (answer.Contains("\"error\"", StringComparison.Ordinal))
            {
                throw new InvalidDataException(answer);
            }
        }

        client._name = name;
        return client;
    }

    public async Task AppendAsync(ReadOnlyMemory<byte> body, int count, int inFlight)
    {
        byte[] message = [.. Encoding.ASCII.GetBytes($"PUB log answers.{_name} {body.Length}\r\n"), .. body.Span, (byte)'\r', (byte)'\n'];
        using var places = new SemaphoreSlim(inFlight);
        var receiving = ReceiveAllAsync(count, places);
        for (var i = 0; i < count; i++)
        {
            await places.WaitAsync();
            await _stream.WriteAsync(message);
        }

        await receiving;
    }

    public void Dispose() => _tcp.Dispose();

    private async Task ReceiveAllAsync(int count, SemaphoreSlim places)
    {
        for (var i = 0; i < count; i++)
        {
            var answer = await AnswerAsync();
            if (answer.Contains("\"error\"", StringComparison.Ordinal))
            {
                throw new InvalidDataException(answer);
            }

            places.Release();
        }
    }

    /// <summary>MSG subject sid size, and so many bytes.</summary>
    private async Task<string> AnswerAsync()
    {
        while (true)
        {
            var line = await LineAsync();
            if (line.StartsWith("PING", StringComparison.Ordinal))
            {
                await WriteAsync("PONG\r\n");
            }
            else if (line.StartsWith("MSG ", StringComparison.Ordinal))
            {
                var size = int.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture);
                while (_end - _start < size + 2)
                {
                    await FillAsync();
                }

                var text = Encoding.UTF8.GetString(_buffer, _start, size);
                _start += size + 2;
                return text;
            }
            else
            {
                throw new InvalidDataException(line);
            }
        }
    }

    private async Task<string> LineAsync()
    {
        while (true)
        {
            var end = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8);
            if (end >= 0)
            {
                var line = Encoding.UTF8.GetString(_buffer, _start, end);
                _start += end + 2;
                return line;
            }

            await FillAsync();
        }
    }

    private async Task FillAsync()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        var count = await _stream.ReadAsync(_buffer.AsMemory(_end));
        _end += count > 0 ? count : throw new EndOfStreamException("The server has closed the connection.");
    }

    private ValueTask WriteAsync(string text) => _stream.WriteAsync(Encoding.UTF8.GetBytes(text));
}
