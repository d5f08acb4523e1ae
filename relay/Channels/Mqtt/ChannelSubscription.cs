using Messaging.Relay.Mqtt.Protocol;
using Microsoft.Data.Sqlite;

namespace Messaging.Relay.Channels.Mqtt;

/// <summary>A subscription at work: it writes what its feed brings, and waits until the client has taken it before it reads more.</summary>
internal sealed class ChannelSubscription : IAsyncDisposable
{
    private readonly Channel _channel;
    private readonly ChannelFeed _feed;
    private readonly ChannelSender _sender;
    private readonly Action<ReasonCode> _failed;
    private readonly CancellationTokenSource _closed;
    private readonly Task _following;

    /// <param name="channel">What it follows.</param>
    /// <param name="feed">What it brings.</param>
    /// <param name="sender">Where to.</param>
    /// <param name="failed">Called when it cannot go on, with why.</param>
    /// <param name="ended">The connection's end.</param>
    public ChannelSubscription(Channel channel, ChannelFeed feed, ChannelSender sender, Action<ReasonCode> failed, CancellationToken ended)
    {
        (_channel, _feed, _sender, _failed) = (channel, feed, sender, failed);
        _closed = CancellationTokenSource.CreateLinkedTokenSource(ended);
        _following = FollowAsync(_closed.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _following;
        _closed.Dispose();
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        // The caller goes on.
        await Task.Yield();
        using var listener = new ChannelListener(_channel);
        try
        {
            while (!_channel.IsGone)
            {
                if (await _feed.WriteAsync(cancellationToken))
                {
                    await _sender.FlushAsync().WaitAsync(cancellationToken);
                }
                else
                {
                    await listener.WaitAsync(cancellationToken);
                }
            }

            _failed(ReasonCode.AdministrativeAction);
        }
        catch (SqliteException)
        {
            _failed(ReasonCode.UnspecifiedError);
        }
        catch (OperationCanceledException)
        {
            // It is unsubscribed, or the connection has ended.
        }
    }
}
