using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Messaging.Relay.Tests.Support;

/// <summary>Somebody between client and relay: ends TLS with a certificate of his own and passes every byte on.</summary>
internal sealed class TlsMiddleman : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly X509Certificate2 _certificate;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private TlsMiddleman(int target)
    {
        _certificate = Certificates.Create();
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _running = RunAsync(target);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public static Task<TlsMiddleman> StartAsync(int target) => Task.FromResult(new TlsMiddleman(target));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _running;
        _certificate.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(int target)
    {
        try
        {
            using var accepted = await _listener.AcceptAsync(_stop.Token);
            await using var victim = new SslStream(new NetworkStream(accepted));
            await victim.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);

            using var onward = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await onward.ConnectAsync(new IPEndPoint(IPAddress.Loopback, target), _stop.Token);
            await using var relay = new SslStream(new NetworkStream(onward), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null);
            await relay.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, _stop.Token);

            await Task.WhenAny(victim.CopyToAsync(relay, _stop.Token), relay.CopyToAsync(victim, _stop.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
