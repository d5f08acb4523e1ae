using System.Security.Authentication;
using System.Security.Cryptography;
using Messaging.Crypto;
using Messaging.Wire;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Messaging.Agent.Transport;

/// <summary>MQTT 5 with enhanced authentication, over whatever the endpoint names, with TLS that the pins of the server's notice decide on.</summary>
/// <param name="device">Who connects.</param>
/// <param name="groups">Whose messages it gets too.</param>
/// <param name="pins">What the newest notice says now.</param>
/// <param name="links">Opens what it goes over.</param>
/// <param name="time">Of the deadline.</param>
internal sealed class MqttRelayConnector(
    PrincipalId device, IReadOnlyList<PrincipalId> groups, Func<IReadOnlyList<byte[]>> pins, LinkOpener links, TimeProvider time) : IRelayConnector
{
    public async Task<IRelayConnection> ConnectAsync(
        RelayEndpoint endpoint, ConnectTerms terms, IdentityKey identity, Func<ReadOnlyMemory<byte>, Task> receive, CancellationToken ct)
    {
        var check = new ServerCertificateCheck(pins());
        var responder = new ChallengeResponder(device, identity, check);
        var channel = new LinkChannel(limit => links.OpenAsync(endpoint, check, limit), endpoint.UseTls);
        var connection = new MqttRelayConnection(new MqttClientFactory().CreateMqttClient(channel), Topics.Up(device), receive);
        try
        {
            using var deadline = new CancellationTokenSource(terms.Timeout, time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
            await ConnectAsync(connection.Client, endpoint, terms, responder, limit.Token);
            await SubscribeAsync(connection.Client, limit.Token);
            return connection;
        }
        catch (Exception e)
        {
            await connection.DisposeAsync();

            // Whoever gave up may have ended what the attempt goes over, which then fails in a way of its own.
            ct.ThrowIfCancellationRequested();
            throw e as RelayRefusedException ?? e.GetBaseException() as RelayRefusedException ?? e.InnerException as RelayRefusedException ?? Refused(e, endpoint, terms, check);
        }
    }

    private static RelayRefusedException Refused(Exception e, RelayEndpoint endpoint, ConnectTerms terms, ServerCertificateCheck check)
    {
        var root = e.GetBaseException();
        if (root is CryptographicException || (root is AuthenticationException && check.SpkiSha256 is not null))
        {
            return new RelayRefusedException(RelayRefusal.NotTheRelay, $"{endpoint.Address} is not the fleet's relay: {root.Message}", e);
        }

        // A certificate came, so there is somebody: on a slow device or link the handshake alone can take this long.
        var isLate = root is OperationCanceledException or MQTTnet.Exceptions.MqttCommunicationTimedOutException;
        return isLate
            ? new RelayRefusedException(RelayRefusal.Unreachable, $"{endpoint.Address} did not answer within {terms.Timeout.TotalSeconds:0} s", e) { WasSlow = check.SpkiSha256 is not null }
            : new RelayRefusedException(RelayRefusal.Unreachable, $"{endpoint.Address}: {root.Message}", e);
    }

    private static RelayRefusal RefusalOf(MqttClientConnectResultCode code) => code switch
    {
        MqttClientConnectResultCode.NotAuthorized
            or MqttClientConnectResultCode.BadUserNameOrPassword
            or MqttClientConnectResultCode.BadAuthenticationMethod
            or MqttClientConnectResultCode.ClientIdentifierNotValid
            or MqttClientConnectResultCode.Banned => RelayRefusal.NotAuthorized,
        _ => RelayRefusal.Unavailable,
    };

    private async Task ConnectAsync(
        IMqttClient client, RelayEndpoint endpoint, ConnectTerms terms, ChallengeResponder responder, CancellationToken ct)
    {
        var builder = new MqttClientOptionsBuilder()
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId(device.ToString())
            .WithCleanStart()
            .WithKeepAlivePeriod(terms.KeepAlive)
            .WithTimeout(terms.Timeout)
            .WithMaximumPacketSize(WireLimits.MaxFrameBytes + 1024)
            .WithReceiveMaximum(64)
            .WithEnhancedAuthentication(RelayAuthentication.Method, responder.Hello.Encode())
            .WithEnhancedAuthenticationHandler(responder)

            // The library wants to know it; the channel decides.
            .WithTcpServer(endpoint.Host, endpoint.Port);
        var result = await client.ConnectAsync(builder.Build(), ct);
        if (result.ResultCode != MqttClientConnectResultCode.Success)
        {
            var reason = string.IsNullOrEmpty(result.ReasonString) ? result.ResultCode.ToString() : $"{result.ResultCode}, {result.ReasonString}";
            throw new RelayRefusedException(RefusalOf(result.ResultCode), $"{endpoint.Address} turned the device away: {reason}")
            {
                RetryAfter = ReturnTime.Of(
                    result.UserProperties, isElsewhere: result.ResultCode is MqttClientConnectResultCode.UseAnotherServer or MqttClientConnectResultCode.ServerMoved),
                OtherServer = result.ServerReference,
            };
        }
    }

    private async Task SubscribeAsync(IMqttClient client, CancellationToken ct)
    {
        var filters = new MqttClientSubscribeOptionsBuilder().WithTopicFilter(Topics.Down(device), MqttQualityOfServiceLevel.AtLeastOnce);
        foreach (var group in groups)
        {
            filters.WithTopicFilter(Topics.GroupDown(group), MqttQualityOfServiceLevel.AtLeastOnce);
        }

        var result = await client.SubscribeAsync(filters.Build(), ct);
        var refused = result.Items.FirstOrDefault(item => item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2);
        if (refused is not null)
        {
            throw new RelayRefusedException(RelayRefusal.Unavailable, $"the relay refused {refused.TopicFilter.Topic}: {refused.ResultCode}");
        }
    }
}
