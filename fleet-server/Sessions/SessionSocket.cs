using System.Net.WebSockets;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Relaying;
using Messaging.FleetServer.Trust;
using Messaging.Wire;

namespace Messaging.FleetServer.Sessions;

/// <summary>Carries packets between one client's WebSocket and the relay until one of them ends, or the caller's access does.</summary>
internal sealed class SessionSocket(
    WebSocket socket, SessionPort port, FleetKeys keys, IRelayPublisher relay, Authenticator authenticator, AccessChanges access, TimeProvider time)
{
    private const int MaxReason = 120;
    private readonly string _topic = Topics.Down(port.Device);

    /// <summary>Runs to the end; says how the client is told.</summary>
    public async Task RunAsync(HttpContext context, CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping, port.Replaced);
        var down = GuardAsync(ReceiveAsync(end.Token));
        var up = GuardAsync(SendAsync(end.Token));
        var watch = GuardAsync(WatchAccessAsync(context, end.Token));
        await Task.WhenAny(down, up, watch);
        var (status, reason) = watch.IsCompleted && await watch is { } lost ? lost
            : down.IsCompleted && await down is { } said ? said
            : port.Replaced.IsCancellationRequested ? (WebSocketCloseStatus.PolicyViolation, "You have connected anew.")
            : stopping.IsCancellationRequested ? (WebSocketCloseStatus.EndpointUnavailable, "The server stops.")
            : (WebSocketCloseStatus.NormalClosure, "");
        await CloseAsync(status, reason);
        await end.CancelAsync();
        await Task.WhenAll(down, up, watch);
    }

    private static async Task<(WebSocketCloseStatus Status, string Reason)?> GuardAsync(Task<(WebSocketCloseStatus Status, string Reason)?> task)
    {
        try
        {
            return await task;
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException or ObjectDisposedException)
        {
            // The client is gone, or the other half has ended.
            return null;
        }
    }

    private async Task<(WebSocketCloseStatus Status, string Reason)?> ReceiveAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[WireLimits.MaxSessionPacketBytes + 1];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult result;
            do
            {
                result = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
                length += result.Count;
                if (length == buffer.Length)
                {
                    return (WebSocketCloseStatus.MessageTooBig, "A packet of a session has at most 65536 bytes.");
                }
            }
            while (!result.EndOfMessage);
            switch (result.MessageType)
            {
                case WebSocketMessageType.Close:
                    return null;
                case WebSocketMessageType.Text:
                    return (WebSocketCloseStatus.InvalidMessageType, "Packets of a session are binary.");
                default:
                    await PassAsync(buffer.AsMemory(0, length), cancellationToken);
                    break;
            }
        }
    }

    private async Task PassAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken)
    {
        if (packet.IsEmpty)
        {
            return;
        }

        await port.WaitForCreditAsync(cancellationToken);
        var frame = Frame.WriteSession(keys.ServerId, port.Id, packet.Span);
        if (await relay.PublishAsync(_topic, frame, cancellationToken) == PublishResult.Passed)
        {
            port.Sent(packet.Length);
        }
    }

    private async Task<(WebSocketCloseStatus Status, string Reason)?> SendAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await socket.SendAsync(await port.TakeAsync(cancellationToken), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        }
    }

    /// <summary>Ends when the caller may not be here any more.</summary>
    private async Task<(WebSocketCloseStatus Status, string Reason)?> WatchAccessAsync(HttpContext context, CancellationToken cancellationToken)
    {
        using var changed = new SemaphoreSlim(0, int.MaxValue);
        using var subscription = access.Subscribe(() => changed.Release());
        while (true)
        {
            await changed.WaitAsync(SessionLimits.AccessInterval, cancellationToken);
            if (await authenticator.AuthenticateAsync(context, use: false) is not { } caller
                || caller.Id != port.CallerId || (int)caller.Role < (int)AccessLevel.Operator)
            {
                return (WebSocketCloseStatus.PolicyViolation, "Your access has ended.");
            }
        }
    }

    private async Task CloseAsync(WebSocketCloseStatus status, string reason)
    {
        using var limit = new CancellationTokenSource(SessionLimits.CloseTime, time);
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(status, reason.Length > MaxReason ? reason[..MaxReason] : reason, limit.Token);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or InvalidOperationException)
        {
            // There is nobody to say good-bye to.
        }
    }
}
