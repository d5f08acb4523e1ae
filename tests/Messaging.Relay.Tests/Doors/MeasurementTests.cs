using System.Diagnostics.Metrics;
using Messaging.Relay.Tests.Mqtt;
using Messaging.Relay.Tests.Users;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Doors;

/// <summary>What is measured of users.</summary>
public sealed class MeasurementTests
{
    [Fact]
    public async Task Refusals_AndWhatIsHeld_AreMeasured()
    {
        await using var host = await UsersHost.StartAsync([Some.User("u", ["a"], ["a"])]);
        using var user = await host.ClientAsync("u");
        Assert.Equal(MqttSubscribeReasonCode.GrantedQoS1, await user.SubscribeAsync("a", 1));
        Assert.Equal(MqttSubscribeReasonCode.NotAuthorized, await user.SubscribeAsync("b", 1));
        await user.SendAsync(Packets.Publish("b", "x", 1));
        Assert.IsType<MqttPubAckPacket>(await user.ReceiveAsync());

        var measured = Measure(host.Relay.Get<IMeterFactory>());

        Assert.Equal(1, measured["messaging.relay.mqtt.connections"]);
        Assert.Equal(1, measured["messaging.relay.mqtt.sessions"]);
        Assert.Equal(0, measured["messaging.relay.mqtt.retained"]);
        Assert.InRange(measured["messaging.relay.mqtt.held"], 300, 400);
        Assert.Equal(1, measured["messaging.relay.mqtt.events publish_refused"]);
        Assert.Equal(1, measured["messaging.relay.mqtt.events subscription_refused"]);
        Assert.Equal(1, measured["messaging.relay.events users_accepted"]);
    }

    private static Dictionary<string, long> Measure(IMeterFactory meters)
    {
        var measured = new Dictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Meter.Name == RelayMeter.Name)
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measured[string.Join(' ', [instrument.Name, .. tags.ToArray().Select(static tag => tag.Value)])] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;
    }
}
