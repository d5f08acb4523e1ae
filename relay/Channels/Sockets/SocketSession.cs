using System.Buffers;
using System.Net.WebSockets;
using System.Threading.Channels;
using Messaging.Relay.Channels.Http;
using Messaging.Relay.Limits;
using Messaging.Wire;

namespace Messaging.Relay.Channels.Sockets;

/// <summary>One WebSocket: its requests one after the other, and each open channel's records and members as they come.</summary>
internal sealed class SocketSession : IAsyncDisposable
{
    private readonly WebSocket _socket;
    private readonly ChannelRegistry _registry;
    private readonly AddressKey? _from;
    private readonly ConnectionTicket _ticket;
    private readonly RelayOptions _relay;
    private readonly TimeProvider _time;
    private readonly SocketSender _sender;
    private readonly Channel<(ChannelRequest Request, Task<AppendResult> Appending)> _appends =
        System.Threading.Channels.Channel.CreateBounded<(ChannelRequest, Task<AppendResult>)>(new BoundedChannelOptions(ChannelSocket.MaxAppends) { SingleReader = true, SingleWriter = true });

    private readonly Dictionary<ChannelId, SocketFollower> _open = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _answering;
    private bool _isAuthenticated;

    public SocketSession(WebSocket socket, ChannelRegistry registry, AddressKey? from, ConnectionTicket ticket, RelayOptions relay, TimeProvider time)
    {
        (_socket, _registry, _from, _ticket, _relay, _time) = (socket, registry, from, ticket, relay, time);
        _sender = new SocketSender(socket, relay.StallTimeout, time, _ended);
        _answering = AnswerAsync();
    }

    /// <summary>Serves it until it ends.</summary>
    public async Task RunAsync(CancellationToken aborted)
    {
        await using var registration = aborted.Register(static state => ((CancellationTokenSource)state!).Cancel(), _ended);

        // Who opens no channel holds a place of strangers for as long only.
        await using var timer = _time.CreateTimer(_ => EndStranger(), state: null, _relay.ConnectTimeout, Timeout.InfiniteTimeSpan);
        var buffer = ArrayPool<byte>.Shared.Rent(ChannelSocket.MaxRequestBytes + 1);
        try
        {
            var packets = new TokenBucket(_relay.PacketsPerSecond, _relay.PacketBurst, _time);
            var bytes = new TokenBucket(_relay.BytesPerSecond, _relay.ByteBurst, _time);
            while (await ReceiveAsync(buffer) is { } length)
            {
                // What is taken: the sender is in no position to keep the message.
                if (!ChannelRequest.TryDecode(buffer.AsSpan(0, length), out var request))
                {
                    await _sender.CloseAsync(WebSocketCloseStatus.InvalidPayloadData, ChannelProblem.Malformed.Code);
                    return;
                }

                await HandleAsync(request);
                var pause = packets.Take(1) is var one && bytes.Take(length) is var many && one > many ? one : many;
                if (pause > TimeSpan.Zero)
                {
                    await Task.Delay(pause, _time, _ended.Token);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            // The peer is gone, or is cut: what it had open ends below.
            _socket.Abort();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        foreach (var follower in _open.Values)
        {
            await follower.DisposeAsync();
        }

        // Appends that are under way are still written; nobody is there to be told.
        _appends.Writer.Complete();
        await _answering;
        _sender.Dispose();
        _ended.Dispose();
    }

    private void EndStranger()
    {
        if (!Volatile.Read(ref _isAuthenticated))
        {
            _ended.Cancel();
        }
    }

    /// <summary>One message's length; null when the peer has ended, or was told why it has to.</summary>
    private async ValueTask<int?> ReceiveAsync(byte[] buffer)
    {
        var length = 0;
        while (true)
        {
            var received = await _socket.ReceiveAsync(buffer.AsMemory(length), _ended.Token);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await _sender.CloseAsync(WebSocketCloseStatus.NormalClosure, "");
                return null;
            }

            length += received.Count;
            if (length > ChannelSocket.MaxRequestBytes)
            {
                await _sender.CloseAsync(WebSocketCloseStatus.MessageTooBig, ChannelProblem.TooLarge.Code);
                return null;
            }

            if (received.MessageType != WebSocketMessageType.Binary)
            {
                await _sender.CloseAsync(WebSocketCloseStatus.InvalidMessageType, ChannelProblem.Malformed.Code);
                return null;
            }

            if (received.EndOfMessage)
            {
                return length;
            }
        }
    }

    private ValueTask HandleAsync(ChannelRequest request) => request.Kind switch
    {
        ChannelRequestKind.Open => OpenAsync(request),
        ChannelRequestKind.Append => AppendAsync(request),
        _ => CloseAsync(request),
    };

    private async ValueTask OpenAsync(ChannelRequest request)
    {
        var channel = _registry.Find(request.Channel) is { Description.Kind: ChannelKind.Sealed } found ? found : null;
        var problem = channel is null ? ChannelProblem.NotFound
            : !channel.Description.IsOpenedBy(request.Secret) ? ChannelProblem.Denied
            : _open.ContainsKey(request.Channel) ? ChannelProblem.AlreadyOpen
            : _open.Count >= ChannelSocket.MaxOpen ? ChannelProblem.TooManyOpen
            : request.From > (ulong)channel.Extent.Next ? ChannelProblem.BeyondEnd
            : !Authenticate() ? ChannelProblem.Full
            : null;
        if (problem is not null)
        {
            if (problem == ChannelProblem.Denied || problem == ChannelProblem.NotFound)
            {
                _registry.Counters.Denied();
            }

            await RefuseAsync(request.Channel, tag: null, problem);
            return;
        }

        IDisposable? stay = null;
        if (request.MemberName is { } name)
        {
            stay = channel!.Members.TryJoin(new ChannelMember(name, request.MemberInfo, _registry.NowMs), _registry.Options.MaxMembers);
            if (stay is null)
            {
                await RefuseAsync(request.Channel, tag: null, ChannelProblem.MemberLimit);
                return;
            }
        }

        var extent = channel!.Extent;
        await _sender.SendAsync(ChannelAnswer.Opened(channel.Id, (ulong)extent.First, (ulong)extent.Next));
        _open.Add(channel.Id, new SocketFollower(channel, _registry, _sender, request.From, stay, _ended.Token));
    }

    private async ValueTask AppendAsync(ChannelRequest request)
    {
        if (!_open.TryGetValue(request.Channel, out var follower))
        {
            await RefuseAsync(request.Channel, request.Tag, ChannelProblem.NotOpen);
            return;
        }

        // No more is read while as many as may be wait for their answer.
        await _appends.Writer.WriteAsync((request, _registry.AppendAsync(follower.Channel, request.Body, _from)), _ended.Token);
    }

    /// <summary>Answers appends in the order in which they came.</summary>
    private async Task AnswerAsync()
    {
        try
        {
            await foreach (var (request, appending) in _appends.Reader.ReadAllAsync(_ended.Token))
            {
                var result = await appending;
                if (result.Status == AppendStatus.Durable)
                {
                    await _sender.SendAsync(ChannelAnswer.Appended(request.Channel, request.Tag, new ChannelAppended((ulong)result.Offset, result.UnixMs)));
                }
                else
                {
                    await RefuseAsync(request.Channel, request.Tag, ChannelProblem.Of(result.Status));
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            // Nobody is there any more to be told.
            await _ended.CancelAsync();
        }
    }

    private async ValueTask CloseAsync(ChannelRequest request)
    {
        if (_open.Remove(request.Channel, out var follower))
        {
            await follower.DisposeAsync();
        }
        else
        {
            await RefuseAsync(request.Channel, tag: null, ChannelProblem.NotOpen);
        }
    }

    private bool Authenticate()
    {
        if (!_isAuthenticated && _ticket.Promote(isDevice: false))
        {
            Volatile.Write(ref _isAuthenticated, true);
        }

        return _isAuthenticated;
    }

    private Task RefuseAsync(ChannelId channel, uint? tag, ChannelProblem problem) =>
        _sender.SendAsync(ChannelAnswer.Refused(channel, tag, problem.Code, problem.Text));
}
