using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Messaging.Pi.Harness;

/// <summary>The emulator's own control line (QMP): changes what the board's sensors meet.</summary>
internal sealed class Machine : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly StreamReader _reader;
    private readonly StreamWriter _writer;

    private Machine(Socket socket)
    {
        _socket = socket;
        var stream = new NetworkStream(socket);
        _reader = new StreamReader(stream);
        _writer = new StreamWriter(stream) { AutoFlush = true };
    }

    public static async Task<Machine> Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        var machine = new Machine(socket);
        await machine.Read("QMP");
        await machine.Execute("qmp_capabilities", null);
        return machine;
    }

    /// <summary>Sets a property of a device, such as the temperature of a thermometer in millidegrees.</summary>
    public Task Set(string device, string property, long value) => Execute("qom-set", new JsonObject
    {
        ["path"] = "/machine/peripheral/" + device,
        ["property"] = property,
        ["value"] = value,
    });

    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        await _writer.DisposeAsync();
        _socket.Dispose();
    }

    private async Task Execute(string command, JsonObject? arguments)
    {
        var request = new JsonObject { ["execute"] = command };
        if (arguments is not null)
        {
            request["arguments"] = arguments;
        }

        await _writer.WriteLineAsync(request.ToJsonString());
        await Read("return");
    }

    /// <summary>Reads until an answer has the field; events are passed over.</summary>
    private async Task Read(string field)
    {
        while (true)
        {
            var line = await _reader.ReadLineAsync() ?? throw new IOException("The emulator has closed its control line.");
            var answer = JsonNode.Parse(line)!;
            if (answer["error"] is { } error)
            {
                throw new InvalidOperationException($"The emulator refused: {error.ToJsonString()}");
            }

            if (answer[field] is not null)
            {
                return;
            }
        }
    }
}
