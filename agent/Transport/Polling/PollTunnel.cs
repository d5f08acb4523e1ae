using System.Buffers;
using System.IO.Pipelines;
using Messaging.Wire;

namespace Messaging.Agent.Transport.Polling;

/// <summary>A byte stream both ways in HTTP requests: one that waits for what comes down, and one after the other with what goes up.</summary>
internal sealed class PollTunnel : IAsyncDisposable
{
    private readonly Pipe _up = new();
    private readonly Pipe _down = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly PollRequests _requests;
    private readonly PollSettings _settings;
    private readonly TimeProvider _time;
    private Exception? _failure;
    private Task _sending = Task.CompletedTask;
    private Task _receiving = Task.CompletedTask;

    private PollTunnel(PollRequests requests, PollSettings settings, TimeProvider time)
    {
        _requests = requests;
        _settings = settings;
        _time = time;
        Input = _down.Reader.AsStream();
        Output = _up.Writer.AsStream();
    }

    /// <summary>What comes from the relay; a failure of either way ends it.</summary>
    public Stream Input { get; }

    /// <summary>What goes to the relay; writing waits while too much is on its way.</summary>
    public Stream Output { get; }

    /// <param name="http">For this tunnel alone, which disposes it.</param>
    /// <param name="url">Where.</param>
    /// <param name="settings">The times.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="HttpRequestException">The relay did not begin a session.</exception>
    public static async Task<PollTunnel> OpenAsync(HttpClient http, Uri url, PollSettings settings, TimeProvider time, CancellationToken ct)
    {
        var requests = new PollRequests(http, url, settings, time);
        try
        {
            await requests.OpenAsync(ct);
        }
        catch
        {
            requests.Dispose();
            throw;
        }

        var tunnel = new PollTunnel(requests, settings, time);
        tunnel._sending = tunnel.GuardAsync(tunnel.SendAsync, tunnel._up.Reader.CompleteAsync);
        tunnel._receiving = tunnel.GuardAsync(tunnel.ReceiveAsync, tunnel._down.Writer.CompleteAsync);
        return tunnel;
    }

    /// <summary>Delivers what was written, for a moment, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _up.Writer.CompleteAsync();
        await _sending.WaitAsync(_settings.Farewell, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _closed.CancelAsync();
        await _sending;
        await _receiving;
        _requests.Dispose();
        _closed.Dispose();
    }

    private async Task SendAsync(CancellationToken ct)
    {
        for (ulong number = 1; ; number++)
        {
            var read = await _up.Reader.ReadAsync(ct);
            var chunk = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, LongPoll.MaxChunkBytes));
            if (chunk.IsEmpty)
            {
                await _requests.CloseAsync(ct);
                return;
            }

            await _requests.SendAsync(number, chunk.IsSingleSegment ? chunk.First : chunk.ToArray(), ct);
            _up.Reader.AdvanceTo(chunk.End);
        }
    }

    private async Task ReceiveAsync(CancellationToken ct)
    {
        for (ulong number = 1; await _requests.ReceiveAsync(number, ct) is { Length: > 0 } chunk; number++)
        {
            await _down.Writer.WriteAsync(chunk, ct);
        }

        await _down.Writer.CompleteAsync();
    }

    /// <summary>A failure of one way ends the other; each way completes the end of a pipe that is its own, with what failed first.</summary>
    private async Task GuardAsync(Func<CancellationToken, Task> way, Func<Exception?, ValueTask> complete)
    {
        // A caller that opens a tunnel does not wait for what goes through it.
        await Task.Yield();
        try
        {
            await way(_closed.Token);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            Interlocked.CompareExchange(ref _failure, e is OperationCanceledException ? new PollEndedException("closed here", e) : e, null);
            await _closed.CancelAsync();
            await complete(_failure);
        }
    }
}
