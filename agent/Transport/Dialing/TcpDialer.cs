using System.Net;
using System.Net.Sockets;

namespace Messaging.Agent.Transport.Dialing;

/// <summary>
/// Connects to the first address of a name that answers (RFC 8305): families alternate, each attempt gets a head start and none waits for
/// the one before to fail, because a network that swallows IPv6 must not cost the whole deadline.
/// </summary>
internal static class TcpDialer
{
    private static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(250);

    /// <exception cref="SocketException">No address can be reached; the first one's reason.</exception>
    public static async Task<Socket> ConnectAsync(string host, int port, TimeProvider time, CancellationToken ct)
    {
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : Alternate(await Dns.GetHostAddressesAsync(host, ct));
        using var done = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var attempts = new List<Task<Socket>>();
        try
        {
            return await FirstAsync(addresses, port, attempts, time, done.Token);
        }
        finally
        {
            await done.CancelAsync();
            foreach (var attempt in attempts)
            {
                _ = attempt.ContinueWith(Discard, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    /// <summary>The families in turn, the system's first choice first.</summary>
    internal static IReadOnlyList<IPAddress> Alternate(IReadOnlyList<IPAddress> addresses)
    {
        var first = addresses.Where(address => address.AddressFamily == addresses[0].AddressFamily).ToList();
        var second = addresses.Where(address => address.AddressFamily != addresses[0].AddressFamily).ToList();
        var alternating = new List<IPAddress>(addresses.Count);
        for (var i = 0; i < Math.Max(first.Count, second.Count); i++)
        {
            alternating.AddRange(first.Skip(i).Take(1));
            alternating.AddRange(second.Skip(i).Take(1));
        }

        return alternating;
    }

    private static async Task<Socket> FirstAsync(
        IReadOnlyList<IPAddress> addresses, int port, List<Task<Socket>> attempts, TimeProvider time, CancellationToken ct)
    {
        var running = new List<Task<Socket>>();
        Exception? failure = null;
        for (var next = 0; next < addresses.Count || running.Count > 0;)
        {
            if (next < addresses.Count)
            {
                running.Add(ConnectAsync(addresses[next++], port, ct));
                attempts.Add(running[^1]);
            }

            var headStart = next < addresses.Count ? Task.Delay(HeadStart, time, ct) : Task.Delay(Timeout.InfiniteTimeSpan, time, ct);
            var first = await Task.WhenAny([headStart, .. running]);
            ct.ThrowIfCancellationRequested();
            if (first is not Task<Socket> attempt)
            {
                continue;
            }

            running.Remove(attempt);
            try
            {
                var socket = await attempt;
                attempts.Remove(attempt);
                return socket;
            }
            catch (SocketException e)
            {
                failure ??= e;
            }
        }

        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }

    private static async Task<Socket> ConnectAsync(IPAddress address, int port, CancellationToken ct)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, port, ct);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Of an attempt that came too late.</summary>
    private static void Discard(Task<Socket> attempt)
    {
        if (attempt.IsCompletedSuccessfully)
        {
            attempt.Result.Dispose();
        }
        else
        {
            _ = attempt.Exception;
        }
    }
}
