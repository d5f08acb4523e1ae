using System.Net;
using Messaging.Relay.Channels.Http;
using Messaging.Relay.Limits;
using Messaging.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Relay.Channels.Sockets;

/// <summary>Channels over WebSocket: any number of them on one connection.</summary>
internal sealed class SocketEndpoint(ChannelRegistry registry, ConnectionGate gate, RelayOptions relay, TimeProvider time)
{
    /// <summary>Pings in a silence; a peer that does not answer in the same time is gone (RFC 6455, section 5.5.2).</summary>
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(30);

    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest || !context.WebSockets.WebSocketRequestedProtocols.Contains(ChannelSocket.SubProtocol, StringComparer.Ordinal))
        {
            context.Response.Headers.Upgrade = "websocket";
            await context.RefuseAsync(new ChannelProblem(
                StatusCodes.Status426UpgradeRequired, "upgrade_required", $"A WebSocket with the sub-protocol {ChannelSocket.SubProtocol} is expected here."));
            return;
        }

        using var ticket = gate.TryEnter(new IPEndPoint(context.Connection.RemoteIpAddress ?? IPAddress.Any, context.Connection.RemotePort));
        if (ticket is null)
        {
            await context.RefuseAsync(ChannelProblem.Full);
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = ChannelSocket.SubProtocol,
            KeepAliveInterval = PingInterval,
            KeepAliveTimeout = PingInterval,
        });
        await using var session = new SocketSession(socket, registry, AddressKey.Of(context.Connection.RemoteIpAddress), ticket, relay, time);
        await session.RunAsync(context.RequestAborted);
    }
}
