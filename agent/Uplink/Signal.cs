using System.Threading.Channels;

namespace Messaging.Agent.Uplink;

/// <summary>Wakes one waiter; signals while nobody waits count as one.</summary>
internal sealed class Signal
{
    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => _channel.Writer.TryWrite(true);

    /// <summary>Completes at the next signal, or after the time; <see cref="Timeout.InfiniteTimeSpan"/> is no limit.</summary>
    public async Task WaitAsync(TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(limit, time);
        using var source = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            await _channel.Reader.ReadAsync(source.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // The time is up.
        }
    }
}
