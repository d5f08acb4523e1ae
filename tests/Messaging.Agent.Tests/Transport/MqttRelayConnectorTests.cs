using System.Net;
using System.Net.Sockets;
using Messaging.Agent.Configuration;
using Messaging.Agent.Transport;
using Messaging.Agent.Transport.Dialing;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Transport;

public sealed class MqttRelayConnectorTests : IDisposable
{
    private static readonly ConnectTerms Terms = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IdentityKey _identity = IdentityKey.Generate();

    public MqttRelayConnectorTests() => _listener.Start();

    public void Dispose()
    {
        _listener.Dispose();
        _identity.Dispose();
    }

    [Fact]
    public async Task Connect_NetworkBreaks_IsRefused()
    {
        var connecting = ConnectAsync(static () => throw new IOException("The network broke."), CancellationToken.None);

        Assert.Equal(RelayRefusal.Unreachable, (await Assert.ThrowsAsync<RelayRefusedException>(() => connecting)).Refusal);
    }

    [Fact]
    public async Task Connect_NetworkBreaksWhenItsUserHasGivenUp_IsCancelled()
    {
        using var user = new CancellationTokenSource();

        var connecting = ConnectAsync(
            () =>
            {
                user.Cancel();
                throw new IOException("The network broke.");
            },
            user.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    }

    /// <param name="onFirstBytes">Instead of their being sent.</param>
    /// <param name="ct">Gives up.</param>
    private Task<IRelayConnection> ConnectAsync(Action onFirstBytes, CancellationToken ct)
    {
        Assert.True(RelayEndpoint.TryParse($"mqtt://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}", out var endpoint, out _));
        var dialer = new Dialer(new ProxySettings(new TransportOptions(), static _ => null), TimeProvider.System, _ => onFirstBytes());
        var connector = new MqttRelayConnector(
            PrincipalId.FromIdentityKey(_identity.Public), [], static () => [], new LinkOpener(dialer, TimeProvider.System), TimeProvider.System);
        return connector.ConnectAsync(endpoint, Terms, _identity, static _ => Task.CompletedTask, ct);
    }
}
