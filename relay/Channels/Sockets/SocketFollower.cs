using System.Collections.Immutable;
using System.Net.WebSockets;
using Messaging.Relay.Channels.Http;
using Messaging.Wire;
using Microsoft.Data.Sqlite;

namespace Messaging.Relay.Channels.Sockets;

/// <summary>A channel that a WebSocket has open: sends its records from an offset on, and its members whenever they change.</summary>
internal sealed class SocketFollower : IAsyncDisposable
{
    /// <summary>Small enough that answers to appends get their turn between two of them.</summary>
    private const int PageBytes = 128 * 1024;

    private readonly ChannelRegistry _registry;
    private readonly SocketSender _sender;
    private readonly IDisposable? _stay;
    private readonly CancellationTokenSource _closed;
    private readonly Task _following;

    public SocketFollower(Channel channel, ChannelRegistry registry, SocketSender sender, ulong? from, IDisposable? stay, CancellationToken ended)
    {
        (Channel, _registry, _sender, _stay) = (channel, registry, sender, stay);
        _closed = CancellationTokenSource.CreateLinkedTokenSource(ended);
        _following = FollowAsync(from, _closed.Token);
    }

    public Channel Channel { get; }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _following;
        _closed.Dispose();
        _stay?.Dispose();
    }

    private async Task FollowAsync(ulong? from, CancellationToken cancellationToken)
    {
        // The caller goes on.
        await Task.Yield();
        var limits = new PageLimits(_registry.Options.MaxPageRecords, PageBytes);
        ImmutableArray<ChannelMember>? told = null;
        using var listener = new ChannelListener(Channel);
        try
        {
            while (!Channel.IsGone)
            {
                var isSilent = true;
                if (from is { } offset)
                {
                    var records = await _registry.ReadAsync(Channel, (long)offset, limits, cancellationToken);
                    var page = Channel.Page((long)offset, records);
                    if (page.Next != offset)
                    {
                        await _sender.SendAsync(ChannelAnswer.Records(Channel.Id, page));
                        from = page.Next;
                        isSilent = false;
                    }
                }

                // Only what they are now: who came and went meanwhile is not told.
                var members = Channel.Members.List;
                if (_stay is not null && (told is null || told.Value != members))
                {
                    await _sender.SendAsync(ChannelAnswer.Present(Channel.Id, new ChannelMemberList(members)));
                    told = members;
                    isSilent = false;
                }

                if (isSilent)
                {
                    await listener.WaitAsync(cancellationToken);
                }
            }

            await RefuseAsync(ChannelProblem.Removed);
        }
        catch (SqliteException)
        {
            await RefuseAsync(ChannelProblem.DiskFailed);
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            // It is closed, or the connection has ended, which the sender has told everybody.
        }
    }

    private async Task RefuseAsync(ChannelProblem problem)
    {
        try
        {
            await _sender.SendAsync(ChannelAnswer.Refused(Channel.Id, tag: null, problem.Code, problem.Text));
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            // The connection has ended.
        }
    }
}
