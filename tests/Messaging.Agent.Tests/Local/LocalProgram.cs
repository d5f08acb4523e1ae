using System.Net.Sockets;
using System.Text;
using Messaging.Agent.Tests.Support;

namespace Messaging.Agent.Tests.Local;

/// <summary>A program of the device that uses the socket.</summary>
internal sealed class LocalProgram : IDisposable
{
    private readonly Socket _socket;
    private readonly StreamReader _reader;

    private LocalProgram(Socket socket)
    {
        _socket = socket;
        _reader = new StreamReader(new NetworkStream(socket), Encoding.UTF8);
    }

    public static async Task<LocalProgram> ConnectAsync(string path)
    {
        Socket? socket = null;
        await Eventually.True(
            () =>
            {
                var one = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    one.Connect(new UnixDomainSocketEndPoint(path));
                    socket = one;
                    return true;
                }
                catch (SocketException)
                {
                    one.Dispose();
                    return false;
                }
            },
            "the agent listens at " + path);
        return new LocalProgram(socket!);
    }

    public async Task SendAsync(string text)
    {
        for (ReadOnlyMemory<byte> rest = Encoding.UTF8.GetBytes(text); rest.Length > 0;)
        {
            rest = rest[await _socket.SendAsync(rest, TestContext.Current.CancellationToken)..];
        }
    }

    /// <summary>The next line; null at the end.</summary>
    public async Task<string?> ReadAsync() => await _reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    public async Task<string?> AskAsync(string line)
    {
        await SendAsync(line + "\n");
        return await ReadAsync();
    }

    public void Dispose()
    {
        _reader.Dispose();
        _socket.Dispose();
    }
}
