using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using Messaging.Agent.Transport.Dialing;
using Messaging.Agent.Transport.Polling;

namespace Messaging.Agent.Transport;

/// <summary>Opens the byte stream to an endpoint in the way that its address says.</summary>
internal sealed class LinkOpener(Dialer dialer, TimeProvider time)
{
    private const string SubProtocol = "mqtt";
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(1);
    private const int MaxResponseBytes = 1024 * 1024;

    /// <exception cref="IOException">The connection broke, the proxy refuses.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">Nobody answers.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The certificate is not accepted.</exception>
    /// <exception cref="WebSocketException">There is no WebSocket.</exception>
    /// <exception cref="HttpRequestException">There is no long poll.</exception>
    public Task<RelayLink> OpenAsync(RelayEndpoint endpoint, ServerCertificateCheck check, CancellationToken ct) => endpoint.Kind switch
    {
        TransportKind.WebSocket => OpenWebSocketAsync(endpoint, check, ct),
        TransportKind.LongPoll => OpenPollAsync(endpoint, check, ct),
        _ => OpenStreamAsync(endpoint, check, ct),
    };

    private async Task<RelayLink> OpenStreamAsync(RelayEndpoint endpoint, ServerCertificateCheck check, CancellationToken ct)
    {
        var stream = await dialer.OpenAsync(endpoint.Host, endpoint.Port, ct);
        if (!endpoint.UseTls)
        {
            return RelayLink.Of(stream);
        }

        var tls = new SslStream(stream);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = endpoint.Host,
                    RemoteCertificateValidationCallback = (_, certificate, _, errors) => check.Accept(certificate, errors),
                },
                ct);
            return RelayLink.Of(tls);
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    private async Task<RelayLink> OpenWebSocketAsync(RelayEndpoint endpoint, ServerCertificateCheck check, CancellationToken ct)
    {
        using var invoker = new HttpMessageInvoker(dialer.CreateHandler(check.Accept));
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.AddSubProtocol(SubProtocol);
            socket.Options.KeepAliveInterval = TimeSpan.Zero; // MQTT has its own.
            socket.Options.CollectHttpResponseDetails = true;
            await socket.ConnectAsync(endpoint.Uri, invoker, ct);
            return RelayLink.Of(WebSocketStream.Create(socket, WebSocketMessageType.Binary, CloseTime));
        }
        catch (WebSocketException e) when (ReturnTime.Of(socket.HttpResponseHeaders?.GetValueOrDefault("Retry-After")?.FirstOrDefault()) is { } time)
        {
            var status = (int)socket.HttpStatusCode;
            socket.Dispose();
            throw new RelayRefusedException(RelayRefusal.Unavailable, $"{endpoint.Address} turned the device away: {status}", e) { RetryAfter = time };
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<RelayLink> OpenPollAsync(RelayEndpoint endpoint, ServerCertificateCheck check, CancellationToken ct)
    {
        var http = new HttpClient(dialer.CreateHandler(check.Accept))
        {
            // The tunnel has deadlines of its own. Two connections of the oldest version get through everywhere.
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxResponseBytes,
            DefaultRequestVersion = HttpVersion.Version11,
        };
        var tunnel = await PollTunnel.OpenAsync(http, endpoint.Uri, new PollSettings(), time, ct);
        return new RelayLink(tunnel.Input, tunnel.Output, tunnel);
    }
}
