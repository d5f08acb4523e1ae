using Messaging.Wire;
using MQTTnet.Protocol;

namespace Messaging.Relay.Authentication;

/// <summary>How an authentication ended.</summary>
/// <param name="Reason">What the CONNACK says.</param>
/// <param name="Id">Who it is.</param>
/// <param name="Key">The key that was proven; null when it was refused.</param>
/// <param name="IsControl">Whether it is control.</param>
internal sealed record AuthenticationResult(MqttConnectReasonCode Reason, PrincipalId Id, IdentityPublicKey? Key, bool IsControl)
{
    public static AuthenticationResult Refused(MqttConnectReasonCode reason = MqttConnectReasonCode.NotAuthorized) =>
        new(reason, default, Key: null, IsControl: false);

    public static AuthenticationResult Device(PrincipalId id, IdentityPublicKey key) =>
        new(MqttConnectReasonCode.Success, id, key, IsControl: false);

    public static AuthenticationResult Control(PrincipalId id, IdentityPublicKey key) =>
        new(MqttConnectReasonCode.Success, id, key, IsControl: true);
}
