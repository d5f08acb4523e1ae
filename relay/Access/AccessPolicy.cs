using Messaging.Wire;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Access;

/// <summary>
/// Who may publish and subscribe what. Pure: the answer depends on the arguments alone. Everything is refused that is not
/// spelled out here, and a topic is compared whole, never by prefix or pattern.
/// </summary>
internal static class AccessPolicy
{
    private const string DevicePrefix = "m1/d/";
    private const string GroupPrefix = "m1/g/";
    private const string DownSuffix = "/down";
    private const string SharePrefix = "$share/";
    private const int IdChars = PrincipalId.Size * 2;

    private static readonly HashSet<string> ControlFilters =
        new(StringComparer.Ordinal) { Topics.UpFilter, Topics.PresenceFilter, Topics.RelayStats, Topics.DirectoryAck };

    /// <summary>A device publishes to its own uplink; control to downlinks and the directory.</summary>
    public static PublishGrant Publish(in AccessSubject subject, string topic)
    {
        if (!subject.IsControl)
        {
            return Topics.TryParseUp(topic, out var device) && device == subject.Id
                ? new PublishGrant(PublishTarget.Control, device)
                : default;
        }

        if (string.Equals(topic, Topics.Directory, StringComparison.Ordinal))
        {
            return new PublishGrant(PublishTarget.Directory, subject.Id);
        }

        if (TryParseDown(DevicePrefix, topic, out var recipient))
        {
            return new PublishGrant(PublishTarget.Device, recipient);
        }

        return TryParseDown(GroupPrefix, topic, out var group) ? new PublishGrant(PublishTarget.Group, group) : default;
    }

    /// <summary>A device subscribes its own downlink and those of its groups; control what devices and the relay say.</summary>
    /// <returns>QoS 1 or 0 as asked (2 is granted as 1), or why not.</returns>
    public static MqttSubscribeReasonCode Subscribe(in AccessSubject subject, string? filter, MqttQualityOfServiceLevel asked)
    {
        if (string.IsNullOrEmpty(filter) || filter.Contains('\0'))
        {
            return MqttSubscribeReasonCode.TopicFilterInvalid;
        }

        if (filter.StartsWith(SharePrefix, StringComparison.Ordinal))
        {
            return MqttSubscribeReasonCode.SharedSubscriptionsNotSupported;
        }

        if (subject.IsControl ? ControlFilters.Contains(filter) : IsOwnDown(subject, filter))
        {
            return asked == MqttQualityOfServiceLevel.AtMostOnce ? MqttSubscribeReasonCode.GrantedQoS0 : MqttSubscribeReasonCode.GrantedQoS1;
        }

        return !subject.IsControl && filter.AsSpan().ContainsAny('+', '#')
            ? MqttSubscribeReasonCode.WildcardSubscriptionsNotSupported
            : MqttSubscribeReasonCode.NotAuthorized;
    }

    /// <summary>A will is a publish that the relay makes for a client, so the same topics hold for it.</summary>
    public static MqttConnectReasonCode Will(in AccessSubject subject, MqttConnectPacket connect)
    {
        if (!connect.WillFlag)
        {
            return MqttConnectReasonCode.Success;
        }

        if (connect.WillRetain)
        {
            return MqttConnectReasonCode.RetainNotSupported;
        }

        if (connect.WillQoS > MqttQualityOfServiceLevel.AtLeastOnce)
        {
            return MqttConnectReasonCode.QoSNotSupported;
        }

        return Publish(subject, connect.WillTopic ?? string.Empty).Target == PublishTarget.Control
            ? MqttConnectReasonCode.Success
            : MqttConnectReasonCode.NotAuthorized;
    }

    /// <summary>Whether a group's downlink, subscribed before, is still the device's to hear.</summary>
    public static bool MayHear(in AccessSubject subject, PrincipalId group) => !subject.IsControl && subject.Groups.Contains(group);

    private static bool IsOwnDown(in AccessSubject subject, string filter) =>
        (TryParseDown(DevicePrefix, filter, out var device) && device == subject.Id)
        || (TryParseDown(GroupPrefix, filter, out var group) && subject.Groups.Contains(group));

    private static bool TryParseDown(string prefix, string topic, out PrincipalId id)
    {
        id = default;
        return topic.Length == prefix.Length + IdChars + DownSuffix.Length
            && topic.StartsWith(prefix, StringComparison.Ordinal)
            && topic.EndsWith(DownSuffix, StringComparison.Ordinal)
            && PrincipalId.TryParse(topic.AsSpan(prefix.Length, IdChars), out id);
    }
}
