using Messaging.Relay.Transport;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Transport;

public sealed class SubAckOrderTests
{
    [Fact]
    public void Of_EqualQos_IsNull() => Assert.Null(SubAckOrder.Of(Packet(1, 1, 1)));

    [Theory]
    [InlineData(new[] { 0, 1 }, new[] { 1, 0 })]
    [InlineData(new[] { 0, 1, 0, 2 }, new[] { 2, 1, 3, 0 })]
    public void Of_MixedQos_TellsWhereTheBrokerPutsEachAnswer(int[] asked, int[] order) => Assert.Equal(order, SubAckOrder.Of(Packet(asked)));

    [Fact]
    public void Restore_PutsAnswersInTheOrderOfTheQuestions()
    {
        var answer = new MqttSubAckPacket
        {
            ReasonCodes = [MqttSubscribeReasonCode.GrantedQoS1, MqttSubscribeReasonCode.NotAuthorized, MqttSubscribeReasonCode.GrantedQoS0],
        };

        SubAckOrder.Restore(answer, [2, 0, 1]);

        Assert.Equal([MqttSubscribeReasonCode.GrantedQoS0, MqttSubscribeReasonCode.GrantedQoS1, MqttSubscribeReasonCode.NotAuthorized], answer.ReasonCodes);
    }

    private static MqttSubscribePacket Packet(params int[] qos) => new()
    {
        TopicFilters = [.. qos.Select(level => new MqttTopicFilter { Topic = "t", QualityOfServiceLevel = (MqttQualityOfServiceLevel)level })],
    };
}
