using Messaging.Relay.Tests.Support;
using Messaging.Wire;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Routing;

public sealed class RoutingTests
{
    [Fact]
    public async Task Publish_ToAnotherDevicesUplink_IsNotAuthorized_AndNobodyHears()
    {
        await using var host = await RelayHost.StartAsync();
        var (device, other) = (host.NewPrincipal(), host.NewPrincipal());
        var control = await host.ConnectControlAsync(device, other);
        var client = await host.ConnectDeviceAsync(device);

        Assert.Equal(MqttClientPublishReasonCode.NotAuthorized, await client.PublishAsync(Topics.Up(other.Id), [1]));
        Assert.Equal(MqttClientPublishReasonCode.NotAuthorized, await client.PublishAsync(Topics.Down(other.Id), [1]));
        Assert.Equal(MqttClientPublishReasonCode.NotAuthorized, await client.PublishAsync(Topics.Directory, [1]));

        Assert.Equal(MqttClientPublishReasonCode.Success, await client.PublishAsync(Topics.Up(device.Id), [2]));
        Assert.Equal([2], (await control.ReceiveAsync(Topics.Up(device.Id))).Payload);
        Assert.False(control.Client.TryReceive(out _));
        Assert.Equal(3, host.Count("publishesRefused"));
    }

    [Fact]
    public async Task Publish_OfVersion3WhereItMayNot_ClosesTheConnection()
    {
        await using var host = await RelayHost.StartAsync();
        var (device, other) = (host.NewPrincipal(), host.NewPrincipal());
        await host.ConnectControlAsync(device, other);
        var client = host.NewClient(device);
        await client.ConnectVersion3Async();

        await Assert.ThrowsAnyAsync<Exception>(() => client.PublishAsync(Topics.Up(other.Id), [1]));

        await client.DisconnectedAsync();
        Assert.Equal(1, host.Count("publishesRefused"));
    }

    [Fact]
    public async Task Subscribe_ElsewhereAndByPattern_IsRefusedWithTheRightReason()
    {
        await using var host = await RelayHost.StartAsync();
        var (device, other) = (host.NewPrincipal(), host.NewPrincipal());
        await host.ConnectControlAsync(device, other);
        var client = await host.ConnectDeviceAsync(device);

        Assert.Equal(MqttClientSubscribeResultCode.NotAuthorized, await client.SubscribeAsync(Topics.Down(other.Id)));
        Assert.Equal(MqttClientSubscribeResultCode.NotAuthorized, await client.SubscribeAsync(Topics.Up(device.Id)));
        Assert.Equal(MqttClientSubscribeResultCode.WildcardSubscriptionsNotSupported, await client.SubscribeAsync("#"));
        Assert.Equal(MqttClientSubscribeResultCode.WildcardSubscriptionsNotSupported, await client.SubscribeAsync("$SYS/#"));
        Assert.Equal(MqttClientSubscribeResultCode.SharedSubscriptionsNotSupported, await client.SubscribeAsync($"$share/g/{Topics.Down(device.Id)}"));
        Assert.Equal(5, host.Count("subscriptionsRefused"));
    }

    [Fact]
    public async Task Subscribe_SeveralFiltersOfMixedQos_AnswersInTheirOrder()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);
        var client = await host.ConnectDeviceAsync(device);

        var codes = await client.SubscribeAsync(
            new MqttTopicFilter { Topic = Topics.Down(device.Id), QualityOfServiceLevel = MqttQualityOfServiceLevel.AtMostOnce },
            new MqttTopicFilter { Topic = Topics.UpFilter, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce },
            new MqttTopicFilter { Topic = Topics.RelayStats, QualityOfServiceLevel = MqttQualityOfServiceLevel.ExactlyOnce });

        Assert.Equal(
            [MqttClientSubscribeResultCode.GrantedQoS0, MqttClientSubscribeResultCode.WildcardSubscriptionsNotSupported, MqttClientSubscribeResultCode.NotAuthorized],
            codes);
    }

    [Fact]
    public async Task Publish_WhileControlIsAway_HasNoMatchingSubscribers()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        var client = await host.ConnectDeviceAsync(device);
        await control.Client.DisconnectAsync();

        await Wait.ForAsync(
            async () => await client.PublishAsync(Topics.Up(device.Id), [1]) == MqttClientPublishReasonCode.NoMatchingSubscribers,
            "a publish finds that control is away");

        var again = new ControlClient(host.NewClient(host.Control));
        await again.ConnectAsync();
        Assert.Equal(MqttClientPublishReasonCode.Success, await client.PublishAsync(Topics.Up(device.Id), [2]));
        Assert.Equal([2], (await again.ReceiveAsync(Topics.Up(device.Id))).Payload);
    }

    [Fact]
    public async Task Publish_ToADeviceThatIsNotThereOrDoesNotListen_HasNoMatchingSubscribers()
    {
        await using var host = await RelayHost.StartAsync();
        var (device, absent) = (host.NewPrincipal(), host.NewPrincipal());
        var control = await host.ConnectControlAsync(device, absent);
        var client = await host.ConnectDeviceAsync(device);

        Assert.Equal(MqttClientPublishReasonCode.NoMatchingSubscribers, await control.Client.PublishAsync(Topics.Down(absent.Id), [1]));
        Assert.Equal(MqttClientPublishReasonCode.NoMatchingSubscribers, await control.Client.PublishAsync(Topics.Down(device.Id), [1]));
        await client.SubscribeAsync(Topics.Down(device.Id));
        Assert.Equal(MqttClientPublishReasonCode.Success, await control.Client.PublishAsync(Topics.Down(device.Id), [1]));
        await client.UnsubscribeAsync(Topics.Down(device.Id));
        Assert.Equal(MqttClientPublishReasonCode.NoMatchingSubscribers, await control.Client.PublishAsync(Topics.Down(device.Id), [1]));
    }

    [Fact]
    public async Task Publish_ToAGroup_ReachesItsMembersOfThisMoment()
    {
        await using var host = await RelayHost.StartAsync();
        var (member, leaver, stranger) = (host.NewPrincipal(), host.NewPrincipal(), host.NewPrincipal());
        var group = host.NewPrincipal().Id;
        var control = await host.ConnectControlAsync();
        await control.SendDeltaAsync(member.Entry(groups: group), leaver.Entry(groups: group), stranger.Entry());
        var clients = new[] { await host.ConnectDeviceAsync(member), await host.ConnectDeviceAsync(leaver), await host.ConnectDeviceAsync(stranger) };
        Assert.Equal(MqttClientSubscribeResultCode.GrantedQoS1, await clients[0].SubscribeAsync(Topics.GroupDown(group)));
        Assert.Equal(MqttClientSubscribeResultCode.GrantedQoS1, await clients[1].SubscribeAsync(Topics.GroupDown(group)));
        Assert.Equal(MqttClientSubscribeResultCode.NotAuthorized, await clients[2].SubscribeAsync(Topics.GroupDown(group)));

        await control.Client.PublishAsync(Topics.GroupDown(group), [1]);
        Assert.Equal([1], (await clients[0].ReceiveAsync()).Payload);
        Assert.Equal([1], (await clients[1].ReceiveAsync()).Payload);

        await control.SendDeltaAsync(leaver.Entry());
        await control.Client.PublishAsync(Topics.GroupDown(group), [2]);
        Assert.Equal([2], (await clients[0].ReceiveAsync()).Payload);
        await clients[1].PingAsync();
        Assert.False(clients[1].TryReceive(out _));
        Assert.Equal(MqttClientSubscribeResultCode.NotAuthorized, await clients[1].SubscribeAsync(Topics.GroupDown(group)));
    }

    [Fact]
    public async Task Publish_ManyRecords_ArriveInOrderAndWhole()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        var client = await host.ConnectDeviceAsync(device);
        var frame = new byte[256 * 1024];

        for (byte number = 0; number < 20; number++)
        {
            frame[^1] = number;
            Assert.Equal(MqttClientPublishReasonCode.Success, await client.PublishAsync(Topics.Up(device.Id), frame));
        }

        for (byte number = 0; number < 20; number++)
        {
            var received = await control.ReceiveAsync(Topics.Up(device.Id));
            Assert.Equal(frame.Length, received.Payload.Length);
            Assert.Equal(number, received.Payload[^1]);
        }
    }

    [Theory]
    [InlineData(MqttQualityOfServiceLevel.AtMostOnce)]
    [InlineData(MqttQualityOfServiceLevel.AtLeastOnce)]
    public async Task Publish_KeepsItsQualityOfService(MqttQualityOfServiceLevel qos)
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        var client = await host.ConnectDeviceAsync(device);

        await client.PublishAsync(Topics.Up(device.Id), [1], qos);

        Assert.Equal(qos, (await control.ReceiveAsync(Topics.Up(device.Id))).Qos);
    }

    [Fact]
    public async Task Publish_OfAnUnreadableDirectory_IsPayloadFormatInvalid_AndChangesNothing()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);

        Assert.Equal(MqttClientPublishReasonCode.PayloadFormatInvalid, await control.Client.PublishAsync(Topics.Directory, [1, 2, 3]));
        var old = new DirectoryUpdate(control.Version, DirectoryUpdateKind.Delta, [device.Entry(DirectoryStatus.Revoked)]);
        Assert.Equal(MqttClientPublishReasonCode.ImplementationSpecificError, await control.Client.PublishAsync(Topics.Directory, old.Encode()));

        await host.ConnectDeviceAsync(device);
        Assert.Equal(2, host.Count("directoryUpdatesRefused"));
    }

    [Fact]
    public async Task Stats_AreSentToControl()
    {
        await using var host = await RelayHost.StartAsync(options => options with { StatsInterval = TimeSpan.FromMilliseconds(100) });
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        await host.ConnectDeviceAsync(device);
        await control.Client.SubscribeAsync(Topics.RelayStats);

        Assert.True(RelayStats.TryDecode((await control.ReceiveAsync(Topics.RelayStats)).Payload, out var stats));

        Assert.Contains(KeyValuePair.Create("devices", 1UL), stats.Counters);
        Assert.Contains(KeyValuePair.Create("authenticationsAccepted", 2UL), stats.Counters);
    }
}
