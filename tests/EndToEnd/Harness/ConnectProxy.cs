using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace Messaging.EndToEnd.Harness;

/// <summary>An HTTP proxy (CONNECT) in the hands of a test: a network that lets through what the test says, and breaks what the test says.</summary>
internal sealed class ConnectProxy : TcpForwarder
{
    private readonly ConcurrentDictionary<string, Verdict> _verdicts = new(StringComparer.Ordinal);
    private int _aged;

    public ConnectProxy()
        : base(port: 0) => Begin();

    public enum Verdict
    {
        Pass,

        /// <summary>403, as for a port that is not allowed.</summary>
        Refuse,

        /// <summary>200, and never a byte: a black hole.</summary>
        Swallow,
    }

    /// <summary>Gets or sets how old a new tunnel may get before it is closed, whatever goes through it; null: any age.</summary>
    public TimeSpan? Age { get; set; }

    /// <summary>Gets how many tunnels were closed for that.</summary>
    public int Aged => Volatile.Read(ref _aged);

    /// <summary>Gets the targets that were asked for.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public void Set(string target, Verdict verdict) => _verdicts[target] = verdict;

    protected override async Task ServeAsync(NetworkStream client, CancellationToken stop)
    {
        var name = (await ReadHead(client, stop)).Split(' ', 3)[1];
        Asked.Enqueue(name);
        switch (_verdicts.GetValueOrDefault(name))
        {
            case Verdict.Refuse:
                await client.WriteAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), stop);
                return;
            case Verdict.Swallow:
                await Accept(client, stop);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
                return;
            default:
                await using (var target = await ConnectAsync(int.Parse(name[(name.LastIndexOf(':') + 1)..]), stop))
                {
                    await Accept(client, stop);
                    await Tunnel(client, target, stop);
                }

                return;
        }
    }

    private static ValueTask Accept(NetworkStream client, CancellationToken stop) =>
        client.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), stop);

    private static async Task<string> ReadHead(NetworkStream stream, CancellationToken stop)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, stop);
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    private async Task Tunnel(NetworkStream client, NetworkStream target, CancellationToken stop)
    {
        using var old = Age is { } age ? new CancellationTokenSource(age, TimeProvider.System) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, old.Token);
        var both = BothAsync(ended => client.CopyToAsync(target, ended), ended => target.CopyToAsync(client, ended), either.Token);
        await both.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (old.IsCancellationRequested)
        {
            Interlocked.Increment(ref _aged);
        }
    }
}
