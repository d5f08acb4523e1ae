using Messaging.Relay.Access;
using Messaging.Relay.Connections;
using Messaging.Relay.Counters;
using Messaging.Relay.Limits;
using Messaging.Relay.Principals;
using Messaging.Relay.Transport;
using Messaging.Wire;
using Microsoft.Extensions.Logging;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;
using MQTTnet.Server.EnhancedAuthentication;

namespace Messaging.Relay.Authentication;

/// <summary>Decides over a CONNECT: authenticates, holds it against policy and limits, and makes the session.</summary>
internal sealed partial class ConnectHandler(
    ChallengeAuthentication challenge,
    TokenAuthentication tokens,
    PrincipalDirectory directory,
    SessionRegistry sessions,
    SessionEnder ender,
    RelayCounters counters,
    ReturnTimes returns,
    ILogger<ConnectHandler> logger)
{
    /// <summary>The client id that control uses; devices use their own id.</summary>
    public const string ControlClientId = "control";

    /// <returns>The session, or null when the connection is refused; the reason is in the arguments then.</returns>
    public async Task<RelaySession?> HandleAsync(ValidatingConnectionEventArgs arguments)
    {
        var channel = (RelayChannel)arguments.ChannelAdapter;
        var connect = channel.Connect ?? throw new InvalidOperationException("The broker validates a connection that sent no CONNECT.");
        var result = await AuthenticateAsync(arguments, channel);
        var session = result.Key is null ? null : Admit(result, result.Key, channel, connect, out result);
        arguments.ReasonCode = channel.IsVersion5 ? result.Reason : ToVersion3(result.Reason);
        if (session is null)
        {
            channel.ReturnAfter = result.Reason switch
            {
                MqttConnectReasonCode.ServerUnavailable => returns.WithoutDirectory,
                MqttConnectReasonCode.ServerBusy => returns.WhenFull,
                _ => null,
            };
            counters.Count(channel.ReturnAfter is null ? RelayCounter.AuthenticationsRefused : RelayCounter.ConnectsUnavailable);
            LogRefused(logger, channel.RemoteEndPoint, result.Reason);
            return null;
        }

        counters.Count(RelayCounter.AuthenticationsAccepted);
        if (session.IsControl)
        {
            LogControl(logger, session.Id, channel.TransportName, channel.RemoteEndPoint);
        }
        else
        {
            LogAccepted(logger, session.Id, channel.TransportName, session.Number);
        }

        return session;
    }

    private async Task<AuthenticationResult> AuthenticateAsync(ValidatingConnectionEventArgs arguments, RelayChannel channel)
    {
        if (arguments.ProtocolVersion == MqttProtocolVersion.V310)
        {
            return AuthenticationResult.Refused(MqttConnectReasonCode.UnsupportedProtocolVersion);
        }

        if (string.IsNullOrEmpty(arguments.AuthenticationMethod))
        {
            return tokens.Authenticate(arguments.UserName, arguments.RawPassword, channel.TlsSpkiSha256);
        }

        if (!string.Equals(arguments.AuthenticationMethod, RelayAuthentication.Method, StringComparison.Ordinal))
        {
            return AuthenticationResult.Refused(MqttConnectReasonCode.BadAuthenticationMethod);
        }

        try
        {
            return await challenge.AuthenticateAsync(arguments.AuthenticationData, channel.TlsSpkiSha256, async data =>
            {
                var options = new ExchangeEnhancedAuthenticationOptions { AuthenticationData = data };
                return (await arguments.ExchangeEnhancedAuthenticationAsync(options, arguments.CancellationToken)).AuthenticationData;
            });
        }
        catch (Exception exception) when (exception is MqttCommunicationException or MqttProtocolViolationException)
        {
            return AuthenticationResult.Refused(MqttConnectReasonCode.ProtocolError);
        }
    }

    private RelaySession? Admit(
        AuthenticationResult proven, IdentityPublicKey key, RelayChannel channel, MqttConnectPacket connect, out AuthenticationResult result)
    {
        var session = new RelaySession(proven.Id, key, proven.IsControl, sessions.NextNumber(), channel);
        var reason = Objection(session, connect);
        if (reason == MqttConnectReasonCode.Success)
        {
            channel.Admit(proven.IsControl);
            reason = Enter(session);
        }

        result = reason == MqttConnectReasonCode.Success ? proven : AuthenticationResult.Refused(reason);
        if (reason != MqttConnectReasonCode.Success)
        {
            return null;
        }

        // The broker knows sessions by client id and takes them over by it, with races between an old connection's end
        // and a new one's start. A name of its own for each connection leaves take-overs to the registry alone.
        connect.ClientId = $"{session.Id}#{session.Number}";
        return session;
    }

    private MqttConnectReasonCode Objection(RelaySession session, MqttConnectPacket connect)
    {
        var isOwnName = string.Equals(connect.ClientId, session.Id.ToString(), StringComparison.Ordinal)
            || (session.IsControl && string.Equals(connect.ClientId, ControlClientId, StringComparison.Ordinal));
        return isOwnName
            ? AccessPolicy.Will(session.Subject(directory.Find(session.Id)), connect)
            : MqttConnectReasonCode.ClientIdentifierNotValid;
    }

    private MqttConnectReasonCode Enter(RelaySession session)
    {
        if (sessions.Replace(session) is { } old)
        {
            counters.Count(RelayCounter.SessionsTakenOver);
            ender.End(old, MqttDisconnectReasonCode.SessionTakenOver);
        }

        var reason = MqttConnectReasonCode.Success;
        if (!session.Channel.Ticket.Promote(isDevice: !session.IsControl))
        {
            reason = MqttConnectReasonCode.ServerBusy;
        }
        else if (!session.IsStillWelcome(directory.Find(session.Id)))
        {
            // Revoked between the signature and the registry, where the directory's update could not see it yet.
            reason = MqttConnectReasonCode.NotAuthorized;
        }

        if (reason != MqttConnectReasonCode.Success)
        {
            sessions.Remove(session);
        }

        return reason;
    }

    /// <summary>The five refusals of MQTT 3.1.1 (section 3.2.2.3).</summary>
    private static MqttConnectReasonCode ToVersion3(MqttConnectReasonCode reason) => reason switch
    {
        MqttConnectReasonCode.Success => reason,
        MqttConnectReasonCode.UnsupportedProtocolVersion or MqttConnectReasonCode.ClientIdentifierNotValid => reason,
        MqttConnectReasonCode.ServerUnavailable or MqttConnectReasonCode.ServerBusy => MqttConnectReasonCode.ServerUnavailable,
        _ => MqttConnectReasonCode.NotAuthorized,
    };
}
