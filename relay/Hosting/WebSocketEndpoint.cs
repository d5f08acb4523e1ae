using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using Messaging.Relay.Counters;
using Messaging.Relay.Doors;
using Messaging.Relay.Limits;
using Messaging.Relay.Transport;
using Messaging.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Messaging.Relay.Hosting;

/// <summary>MQTT over WebSocket, on the host's HTTP listeners (MQTT 5 section 6).</summary>
internal sealed class WebSocketEndpoint(Door door, ConnectionGate gate, RelayCounters counters, ReturnTimes returns, TimeProvider time)
{
    private const string SubProtocol = "mqtt";
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(1);

    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest || !context.WebSockets.WebSocketRequestedProtocols.Contains(SubProtocol, StringComparer.Ordinal))
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            context.Response.Headers.Upgrade = "websocket";
            return;
        }

        // Behind a proxy on a Unix socket everybody has the same address, unless the host reads the proxy's headers.
        var remote = new IPEndPoint(context.Connection.RemoteIpAddress ?? IPAddress.Any, context.Connection.RemotePort);
        using var ticket = gate.TryEnter(remote);
        if (ticket is null)
        {
            counters.Count(RelayCounter.ConnectionsRefused);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = RetryAfter.Write(returns.WhenFull);
            return;
        }

        counters.Count(RelayCounter.ConnectionsAccepted);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(SubProtocol);
        await using var sender = new WebSocketSendStream(socket);
        var receiver = new WebSocketReceiver(socket);
        var transport = new RelayTransport
        {
            Input = receiver.Reader,
            Output = PipeWriter.Create(sender, new StreamPipeWriterOptions(leaveOpen: true)),
            Remote = remote,
            TlsSpkiSha256 = SpkiHash.Of(context.Features.Get<ISslStreamFeature>()),
            Carrier = Carrier.WebSocket,
            Abort = context.Abort,
        };
        var receiving = receiver.RunAsync();
        await door.RunAsync(transport, ticket);
        await transport.Input.CompleteAsync();
        await transport.Output.CompleteAsync();
        await CloseAsync(socket, receiving);

        // Ends a receive that still waits for the peer. The channel aborts the connection later, if it must.
        socket.Dispose();
        await receiving;
    }

    /// <summary>The closing handshake (RFC 6455 section 7.1.2): until the peer has answered, what was sent before may not have arrived.</summary>
    private async Task CloseAsync(WebSocket socket, Task receiving)
    {
        using var limit = new CancellationTokenSource(CloseTime, time);
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, limit.Token);
            }

            await receiving.WaitAsync(limit.Token);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // The peer is gone, or answers no more: there is nobody to say good-bye to.
        }
    }
}
