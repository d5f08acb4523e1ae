using Messaging.Relay.Access;
using Messaging.Wire;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Access;

public sealed class AccessPolicyTests
{
    private const string Own = "00112233445566778899aabbccddeeff";
    private const string Other = "ffeeddccbbaa99887766554433221100";
    private const string Group = "0123456789abcdef0123456789abcdef";

    private static readonly AccessSubject Device =
        new(PrincipalId.Parse(Own), IsControl: false, new HashSet<PrincipalId> { PrincipalId.Parse(Group) });

    private static readonly AccessSubject Control = new(PrincipalId.Parse(Other), IsControl: true, new HashSet<PrincipalId>());

    [Fact]
    public void Publish_DeviceToOwnUp_GoesToControl() =>
        Assert.Equal(new PublishGrant(PublishTarget.Control, Device.Id), AccessPolicy.Publish(Device, $"m1/d/{Own}/up"));

    [Theory]
    [InlineData("m1/d/" + Other + "/up")]
    [InlineData("m1/d/" + Own + "/down")]
    [InlineData("m1/d/" + Own + "/up/")]
    [InlineData("m1/d/" + Own + "/upx")]
    [InlineData("/m1/d/" + Own + "/up")]
    [InlineData("m1/d/" + Own + "/Up")]
    [InlineData("M1/d/" + Own + "/up")]
    [InlineData("m1/d/00112233445566778899AABBCCDDEEFF/up")]
    [InlineData("m1/d/+/up")]
    [InlineData("m1/d/#")]
    [InlineData("m1/g/" + Group + "/down")]
    [InlineData("m1/relay/directory")]
    [InlineData("m1/relay/directory/ack")]
    [InlineData("m1/relay/stats")]
    [InlineData("m1/relay/presence/" + Own)]
    [InlineData("$SYS/broker/load")]
    [InlineData("$share/x/m1/d/" + Own + "/up")]
    [InlineData("")]
    public void Publish_DeviceElsewhere_IsRefused(string topic) =>
        Assert.Equal(PublishTarget.Refused, AccessPolicy.Publish(Device, topic).Target);

    [Theory]
    [InlineData("m1/d/" + Own + "/down", "Device")]
    [InlineData("m1/g/" + Group + "/down", "Group")]
    [InlineData("m1/relay/directory", "Directory")]
    [InlineData("m1/d/" + Own + "/up", "Refused")]
    [InlineData("m1/relay/stats", "Refused")]
    [InlineData("m1/relay/presence/" + Own, "Refused")]
    [InlineData("m1/relay/directory/ack", "Refused")]
    [InlineData("m1/d/+/down", "Refused")]
    [InlineData("$SYS/x", "Refused")]
    public void Publish_Control_GoesToDownlinksAndDirectoryOnly(string topic, string target) =>
        Assert.Equal(target, AccessPolicy.Publish(Control, topic).Target.ToString());

    [Theory]
    [InlineData("m1/d/" + Own + "/down", MqttSubscribeReasonCode.GrantedQoS1)]
    [InlineData("m1/g/" + Group + "/down", MqttSubscribeReasonCode.GrantedQoS1)]
    [InlineData("m1/d/" + Own + "/up", MqttSubscribeReasonCode.NotAuthorized)]
    [InlineData("m1/d/" + Other + "/down", MqttSubscribeReasonCode.NotAuthorized)]
    [InlineData("m1/g/" + Other + "/down", MqttSubscribeReasonCode.NotAuthorized)]
    [InlineData("m1/relay/stats", MqttSubscribeReasonCode.NotAuthorized)]
    [InlineData("m1/relay/presence/" + Own, MqttSubscribeReasonCode.NotAuthorized)]
    [InlineData("$SYS/uptime", MqttSubscribeReasonCode.NotAuthorized)]
    [InlineData("#", MqttSubscribeReasonCode.WildcardSubscriptionsNotSupported)]
    [InlineData("m1/d/+/down", MqttSubscribeReasonCode.WildcardSubscriptionsNotSupported)]
    [InlineData("m1/d/" + Own + "/#", MqttSubscribeReasonCode.WildcardSubscriptionsNotSupported)]
    [InlineData("$SYS/#", MqttSubscribeReasonCode.WildcardSubscriptionsNotSupported)]
    [InlineData("$share/g/m1/d/" + Own + "/down", MqttSubscribeReasonCode.SharedSubscriptionsNotSupported)]
    [InlineData("", MqttSubscribeReasonCode.TopicFilterInvalid)]
    [InlineData("m1/d/" + Own + "/down\0", MqttSubscribeReasonCode.TopicFilterInvalid)]
    public void Subscribe_Device_HearsOwnAndGroupsDownlinksOnly(string filter, MqttSubscribeReasonCode expected) =>
        Assert.Equal(expected, AccessPolicy.Subscribe(Device, filter, MqttQualityOfServiceLevel.AtLeastOnce));

    [Theory]
    [InlineData("m1/d/+/up", MqttSubscribeReasonCode.GrantedQoS1)]
    [InlineData("m1/relay/presence/+", MqttSubscribeReasonCode.GrantedQoS1)]
    [InlineData("m1/relay/stats", MqttSubscribeReasonCode.GrantedQoS1)]
    [InlineData("m1/relay/directory/ack", MqttSubscribeReasonCode.GrantedQoS1)]
    [InlineData("#", MqttSubscribeReasonCode.NotAuthorized)]
    [InlineData("m1/#", MqttSubscribeReasonCode.NotAuthorized)]
    [InlineData("m1/d/+/down", MqttSubscribeReasonCode.NotAuthorized)]
    [InlineData("m1/relay/directory", MqttSubscribeReasonCode.NotAuthorized)]
    [InlineData("$share/c/m1/d/+/up", MqttSubscribeReasonCode.SharedSubscriptionsNotSupported)]
    public void Subscribe_Control_HearsWhatItNeedsOnly(string filter, MqttSubscribeReasonCode expected) =>
        Assert.Equal(expected, AccessPolicy.Subscribe(Control, filter, MqttQualityOfServiceLevel.AtLeastOnce));

    [Theory]
    [InlineData(MqttQualityOfServiceLevel.AtMostOnce, MqttSubscribeReasonCode.GrantedQoS0)]
    [InlineData(MqttQualityOfServiceLevel.AtLeastOnce, MqttSubscribeReasonCode.GrantedQoS1)]
    [InlineData(MqttQualityOfServiceLevel.ExactlyOnce, MqttSubscribeReasonCode.GrantedQoS1)]
    public void Subscribe_AnyQos_IsGrantedUpToOne(MqttQualityOfServiceLevel asked, MqttSubscribeReasonCode granted) =>
        Assert.Equal(granted, AccessPolicy.Subscribe(Device, $"m1/d/{Own}/down", asked));

    [Theory]
    [InlineData("m1/d/" + Own + "/up", MqttQualityOfServiceLevel.AtLeastOnce, false, MqttConnectReasonCode.Success)]
    [InlineData("m1/d/" + Other + "/up", MqttQualityOfServiceLevel.AtLeastOnce, false, MqttConnectReasonCode.NotAuthorized)]
    [InlineData("m1/d/" + Own + "/up", MqttQualityOfServiceLevel.ExactlyOnce, false, MqttConnectReasonCode.QoSNotSupported)]
    [InlineData("m1/d/" + Own + "/up", MqttQualityOfServiceLevel.AtMostOnce, true, MqttConnectReasonCode.RetainNotSupported)]
    public void Will_Device_IsHeldToItsOwnUplink(string topic, MqttQualityOfServiceLevel qos, bool retain, MqttConnectReasonCode expected) =>
        Assert.Equal(expected, AccessPolicy.Will(Device, new MqttConnectPacket { WillFlag = true, WillTopic = topic, WillQoS = qos, WillRetain = retain }));

    [Fact]
    public void Will_OfControl_IsRefused() => Assert.Equal(
        MqttConnectReasonCode.NotAuthorized,
        AccessPolicy.Will(Control, new MqttConnectPacket { WillFlag = true, WillTopic = Topics.Directory }));
}
