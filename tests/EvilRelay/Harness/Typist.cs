using System.Net.WebSockets;
using System.Text;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.EndToEnd.Harness;
using Messaging.Sessions;
using Messaging.Wire;

namespace Messaging.EvilRelay.Harness;

/// <summary>The owner at a terminal of the device: the client's side of a session, over the server that is there.</summary>
internal sealed class Typist : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);
    private readonly EvilFleet _evil;
    private readonly ClientWebSocket _socket = new();
    private readonly HpkeKeyPair _key = HpkeKeyPair.Generate();
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private readonly StringBuilder _shown = new();
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _end = new();
    private SessionLink? _link;
    private Task _receiving = Task.CompletedTask;

    public Typist(EvilFleet evil)
        : this(evil, CommandTypes.Shell, static (id, key) => new ShellArguments(id, key, new TerminalSize(80, 24), "dumb").Encode())
    {
    }

    /// <param name="evil">The fleet.</param>
    /// <param name="type">Of the command that opens the session.</param>
    /// <param name="encode">Its arguments.</param>
    public Typist(EvilFleet evil, string type, Func<SessionId, HpkePublicKey, byte[]> encode)
    {
        _evil = evil;
        Arguments = encode(Id, _key.Public);
        Command = evil.Owner.Command(evil.DeviceId, evil.Boot, type, Arguments);
    }

    public SessionId Id { get; } = SessionId.Generate();

    public byte[] Arguments { get; }

    public Command Command { get; }

    /// <summary>Answers that were not the device's.</summary>
    public int Impostors { get; private set; }

    public bool IsOpen
    {
        get
        {
            lock (_gate)
            {
                return _link is not null;
            }
        }
    }

    private long Now => (long)TimeProvider.System.GetElapsedTime(_began).TotalMilliseconds;

    /// <summary>Connects and has the command sent; returns its id.</summary>
    public async Task<string> Ask()
    {
        _socket.Options.SetRequestHeader("Authorization", "Bearer " + await File.ReadAllTextAsync(_evil.Fleet.TokenFile));
        await _socket.ConnectAsync(new Uri($"{_evil.Fleet.Url.Replace("http", "ws", StringComparison.Ordinal)}/api/v1/devices/{_evil.DeviceId}/sessions/{Id}"), CancellationToken.None);
        _receiving = Receive();
        return await _evil.Post(Command);
    }

    public Task WaitUntilOpen() => Pump("the device answers", () => IsOpen);

    public void Type(string line)
    {
        lock (_gate)
        {
            _link!.Send(new SessionMessage(SessionMessageKind.Data, Encoding.UTF8.GetBytes(line + "\n")));
        }
    }

    public void Send(SessionMessage message)
    {
        lock (_gate)
        {
            _link!.Send(message);
        }
    }

    /// <summary>Carries on until the condition holds.</summary>
    public Task While(string what, Func<bool> isNotYet) => Pump(what, () => !isNotYet());

    /// <summary>How the device has ended it; null: it has not.</summary>
    public SessionEnd? End { get; private set; }

    public Task WaitFor(string text) => Pump($"the terminal shows {text}", () =>
    {
        lock (_gate)
        {
            return _shown.ToString().Contains(text, StringComparison.Ordinal);
        }
    });

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _receiving;
        _link?.Dispose();
        _key.Dispose();
        _socket.Dispose();
        _end.Dispose();
    }

    /// <summary>Sends what is due until the condition holds.</summary>
    private async Task Pump(string what, Func<bool> condition)
    {
        var began = Now;
        while (!condition())
        {
            if (Now - began >= Deadline.TotalMilliseconds)
            {
                Assert.Fail($"Not in time: {what}. The command: {await _evil.Fleet.Api.Get($"/api/v1/devices/{_evil.DeviceId}/commands/{Command.Content.Id}")}");
            }

            while (Next() is { } packet)
            {
                await _socket.SendAsync(packet, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
            }

            await Task.Delay(Step, TimeProvider.System, CancellationToken.None);
        }
    }

    private byte[]? Next()
    {
        lock (_gate)
        {
            return _link?.Next(Now);
        }
    }

    private async Task Receive()
    {
        var buffer = new byte[WireLimits.MaxSessionPacketBytes];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult result;
                do
                {
                    result = await _socket.ReceiveAsync(buffer.AsMemory(length), _end.Token);
                    length += result.Count;
                }
                while (!result.EndOfMessage);
                Take(buffer.AsSpan(0, length));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // The test has ended.
        }
    }

    private void Take(ReadOnlySpan<byte> packet)
    {
        lock (_gate)
        {
            if (_link is not null)
            {
                _link.Receive(packet, Now, out var message);
                if (message is { Kind: SessionMessageKind.Data })
                {
                    _shown.Append(Encoding.UTF8.GetString(message.Body.Span));
                    _link.Took(message, Now);
                }
                else if (message is { Kind: SessionMessageKind.End } && SessionEnd.TryDecode(message.Body.Span, out var end))
                {
                    End = end;
                }
            }
            else if (SessionAccept.TryVerify(packet, Command.Content.Id, _evil.DeviceId, Arguments, out var accept))
            {
                _link = new SessionLink(SessionKeys.Derive(_key, accept.Device, accept.Payload.Span), isDevice: false, SessionLink.FirstWindow, Now);
            }
            else
            {
                Impostors++;
            }
        }
    }
}
