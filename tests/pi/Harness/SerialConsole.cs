using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Messaging.Pi.Harness;

/// <summary>The root shell on the board's second serial line.</summary>
internal sealed class SerialConsole : IAsyncDisposable
{
    /// <summary>A serial line passes what it likes of a burst; so little at a time gets through.</summary>
    private const int MaxCommandBytes = 1024;

    private readonly Socket _socket;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _all = new();
    private readonly Task _reading;
    private int _number;

    private SerialConsole(Socket socket)
    {
        _socket = socket;
        _reading = Task.Run(Read);
    }

    public static async Task<SerialConsole> Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        return new SerialConsole(socket);
    }

    /// <summary>Waits for the shell of this boot.</summary>
    public Task Ready(TimeSpan deadline) => Until("console-ready", deadline);

    /// <summary>Runs a line of shell; returns its output, and throws when it fails.</summary>
    public async Task<string> Run(string command, TimeSpan? deadline = null)
    {
        var (code, output) = await TryRun(command, deadline);
        return code == 0 ? output : throw new InvalidOperationException($"'{command}' ended with {code} on the board:\n{output}");
    }

    /// <summary>Runs a line of shell; returns its exit code and output.</summary>
    public async Task<(int Code, string Output)> TryRun(string command, TimeSpan? deadline = null)
    {
        var mark = string.Create(CultureInfo.InvariantCulture, $"end-{++_number}-of-command");
        var bytes = Encoding.UTF8.GetBytes($"{{ {command}\n}} 2>&1; printf '\\n%s:%s\\n' {mark} $?\n");
        if (bytes.Length > MaxCommandBytes)
        {
            throw new ArgumentException("Too long for the serial line; put it into a file on the card.", nameof(command));
        }

        await _socket.SendAsync(bytes);
        var output = await Until(mark + ":", deadline ?? TimeSpan.FromMinutes(2));
        var last = output[^1];
        return (int.Parse(last[(mark.Length + 1)..], CultureInfo.InvariantCulture), string.Join('\n', output.SkipLast(1)).Trim('\n'));
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _reading;
    }

    private async Task<List<string>> Until(string start, TimeSpan deadline)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(deadline);
        var lines = new List<string>();
        try
        {
            while (true)
            {
                var line = await _lines.Reader.ReadAsync(limit.Token);
                lines.Add(line);
                if (line.StartsWith(start, StringComparison.Ordinal))
                {
                    return lines;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            throw new TimeoutException($"The board's console did not say '{start}' within {deadline.TotalSeconds:0} s. It said:\n{_all}", e);
        }
    }

    private async Task Read()
    {
        var buffer = new byte[4096];
        var rest = "";
        var decoder = Encoding.UTF8.GetDecoder();
        var text = new char[4096];
        try
        {
            for (int count; (count = await _socket.ReceiveAsync(buffer)) > 0;)
            {
                var read = new string(text, 0, decoder.GetChars(buffer, 0, count, text, 0)).Replace("\r", "", StringComparison.Ordinal);
                _all.Append(read);
                var parts = (rest + read).Split('\n');
                foreach (var line in parts.SkipLast(1))
                {
                    _lines.Writer.TryWrite(line);
                }

                rest = parts[^1];
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The power was cut, or the test is over.
        }

        _lines.Writer.Complete();
    }
}
