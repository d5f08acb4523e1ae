using Messaging.Relay.Tests.Support;
using Messaging.Wire;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Hostile;

/// <summary>Too much, too fast, or not read.</summary>
public sealed class LoadTests
{
    [Fact]
    public async Task Flood_BeyondTheRate_IsSlowedToIt_LosesNothing_AndHarmsNobody()
    {
        await using var host = await RelayHost.StartAsync(options => options with { PacketsPerSecond = 100, PacketBurst = 50 });
        var (device, other) = (host.NewPrincipal(), host.NewPrincipal());
        var control = await host.ConnectControlAsync(device, other);
        var bystander = await host.ConnectDeviceAsync(other);
        using var flooder = await RawClient.ConnectAsync(host, device);
        var started = TimeProvider.System.GetTimestamp();

        const int Count = 300;
        for (ushort id = 1; id <= Count; id++)
        {
            await flooder.SendAsync(Publish(Topics.Up(device.Id), id, [1]));
        }

        // While the flood is on, somebody else is served.
        Assert.Equal(MqttClientPublishReasonCode.Success, await bystander.PublishAsync(Topics.Up(other.Id), [2]));
        Assert.True(host.Count("messagesUp") < Count, "The bystander had to wait for the end of the flood.");

        for (var number = 0; number < Count; number++)
        {
            Assert.IsType<MqttPubAckPacket>(await flooder.ReceiveAsync());
            await control.ReceiveAsync(Topics.Up(device.Id));
        }

        // 50 at once (less those of the handshake), 250 at 100 a second.
        Assert.True(TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(2.4), "The flood was not slowed.");
        Assert.True(host.Count("packetsDelayed") > 100);
    }

    [Fact]
    public async Task Flood_OfBytes_IsSlowedToTheRate()
    {
        await using var host = await RelayHost.StartAsync(options => options with { BytesPerSecond = 100_000, ByteBurst = 50_000 });
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);
        var client = await host.ConnectDeviceAsync(device);
        var started = TimeProvider.System.GetTimestamp();

        for (var number = 0; number < 5; number++)
        {
            await client.PublishAsync(Topics.Up(device.Id), new byte[50_000]);
        }

        Assert.True(TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(1.9), "The flood was not slowed.");
    }

    [Fact]
    public async Task SlowDevice_ThatReadsNothing_IsCut_AndOthersAreServed()
    {
        await using var host = await RelayHost.StartAsync(options => options with { MaxQueuedBytes = 1024 * 1024 });
        var (device, other) = (host.NewPrincipal(), host.NewPrincipal());
        var control = await host.ConnectControlAsync(device, other);
        var bystander = await host.ConnectDeviceAsync(other);
        await bystander.SubscribeAsync(Topics.Down(other.Id));
        using var slow = await RawClient.ConnectAsync(host, device, receiveBuffer: 4096);
        await slow.SubscribeAsync(Topics.Down(device.Id));

        var reason = MqttClientPublishReasonCode.Success;
        for (var number = 0; number < 200 && reason == MqttClientPublishReasonCode.Success; number++)
        {
            reason = await control.Client.PublishAsync(Topics.Down(device.Id), new byte[100_000]);
        }

        Assert.Equal(MqttClientPublishReasonCode.QuotaExceeded, reason);
        Assert.Equal(MqttClientPublishReasonCode.NoMatchingSubscribers, await control.Client.PublishAsync(Topics.Down(device.Id), [1]));
        await control.ReceivePresenceAsync(device);
        Assert.False((await control.ReceivePresenceAsync(device)).Connected);
        await control.Client.PublishAsync(Topics.Down(other.Id), [1]);
        Assert.Equal([1], (await bystander.ReceiveAsync()).Payload);
        Assert.Equal(1, host.Count("slowConsumersCut"));
    }

    [Fact]
    public async Task SlowDevice_ThatReadsAndNeverAcknowledges_IsCut()
    {
        await using var host = await RelayHost.StartAsync(options => options with { MaxQueuedBytes = 1024 * 1024 });
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        using var client = await RawClient.ConnectAsync(host, device);
        await client.SubscribeAsync(Topics.Down(device.Id));
        var reading = client.DisconnectReasonAsync();

        for (var number = 0; number < 200 && !reading.IsCompleted; number++)
        {
            await control.Client.PublishAsync(Topics.Down(device.Id), new byte[100_000]);
        }

        Assert.Equal(MqttDisconnectReasonCode.QuotaExceeded, await reading);
    }

    [Fact]
    public async Task SlowDevice_ThatLeavesLittleUnread_IsCutAfterTheStallTimeout()
    {
        await using var host = await RelayHost.StartAsync(options => options with { StallTimeout = TimeSpan.FromMilliseconds(500) });
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        using var client = await RawClient.ConnectAsync(host, device);
        await client.SubscribeAsync(Topics.Down(device.Id));

        await control.Client.PublishAsync(Topics.Down(device.Id), [1]);

        Assert.Equal(MqttDisconnectReasonCode.QuotaExceeded, await client.DisconnectReasonAsync());
    }

    [Fact]
    public async Task Device_WithAReceiveMaximum_GetsNoMoreUnacknowledged()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        using var client = await RawClient.ConnectAsync(host, device, connect => connect.ReceiveMaximum = 2);
        await client.SubscribeAsync(Topics.Down(device.Id));
        for (byte number = 0; number < 3; number++)
        {
            await control.Client.PublishAsync(Topics.Down(device.Id), [number]);
        }

        var first = Assert.IsType<MqttPublishPacket>(await client.ReceiveAsync());
        Assert.IsType<MqttPublishPacket>(await client.ReceiveAsync());

        // The answer to the ping comes before the third message, which waits.
        await client.SendAsync(MqttPingReqPacket.Instance);
        Assert.IsType<MqttPingRespPacket>(await client.ReceiveAsync());
        await client.SendAsync(new MqttPubAckPacket { PacketIdentifier = first.PacketIdentifier });
        Assert.IsType<MqttPublishPacket>(await client.ReceiveAsync());
    }

    [Fact]
    public async Task Device_WithAMaximumPacketSize_GetsNothingLarger()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        using var client = await RawClient.ConnectAsync(host, device, connect => connect.MaximumPacketSize = 1000);
        await client.SubscribeAsync(Topics.Down(device.Id));

        await control.Client.PublishAsync(Topics.Down(device.Id), new byte[1000]);
        await control.Client.PublishAsync(Topics.Down(device.Id), [1]);

        Assert.Equal(1, Assert.IsType<MqttPublishPacket>(await client.ReceiveAsync()).Payload.Length);
        Assert.Equal(1, host.Count("messagesTooLarge"));
    }

    [Fact]
    public async Task SlowControl_HoldsDevicesBack_AndLosesNothingThatWasAcknowledged()
    {
        await using var host = await RelayHost.StartAsync(options => options with
        {
            MaxControlQueuedBytes = 4 * RelayDefaults.MaxPacketBytes,
            BackpressureTimeout = TimeSpan.FromSeconds(10),
        });
        var device = host.NewPrincipal();
        using var control = await RawClient.ConnectAsync(host, host.Control, connect => connect.ClientId = "control");
        await control.SubscribeAsync(Topics.UpFilter);
        await control.PublishSnapshotAsync(device.Entry());
        var client = await host.ConnectDeviceAsync(device);

        const int Count = 30;
        var publishing = Task.Run(
            async () =>
            {
                for (byte number = 0; number < Count; number++)
                {
                    var payload = new byte[100_000];
                    payload[0] = number;
                    Assert.Equal(MqttClientPublishReasonCode.Success, await client.PublishAsync(Topics.Up(device.Id), payload));
                }
            },
            TestContext.Current.CancellationToken);

        // Control reads and acknowledges only now, at its own pace; 3 MB had to pass a queue of 1 MB.
        for (byte number = 0; number < Count; number++)
        {
            var publish = Assert.IsType<MqttPublishPacket>(await control.ReceiveAsync());
            Assert.Equal(number, publish.Payload.FirstSpan[0]);
            await control.SendAsync(new MqttPubAckPacket { PacketIdentifier = publish.PacketIdentifier });
        }

        await publishing;
        Assert.Equal(0, host.Count("messagesHeldOff"));
    }

    [Fact]
    public async Task StuckControl_MakesPublishesFailWithQuotaExceeded_UntilItIsCut()
    {
        await using var host = await RelayHost.StartAsync(options => options with
        {
            MaxControlQueuedBytes = 4 * RelayDefaults.MaxPacketBytes,
            BackpressureTimeout = TimeSpan.FromMilliseconds(200),
            StallTimeout = TimeSpan.FromSeconds(2),
            ByteBurst = int.MaxValue,
        });
        var device = host.NewPrincipal();
        using var control = await RawClient.ConnectAsync(host, host.Control, connect => connect.ClientId = "control", receiveBuffer: 4096);
        await control.SubscribeAsync(Topics.UpFilter);
        await control.PublishSnapshotAsync(device.Entry());
        var client = await host.ConnectDeviceAsync(device);

        var reason = MqttClientPublishReasonCode.Success;
        while (reason == MqttClientPublishReasonCode.Success)
        {
            reason = await client.PublishAsync(Topics.Up(device.Id), new byte[200_000]);
        }

        Assert.Equal(MqttClientPublishReasonCode.QuotaExceeded, reason);
        await Wait.ForAsync(
            async () => await client.PublishAsync(Topics.Up(device.Id), [1]) == MqttClientPublishReasonCode.NoMatchingSubscribers,
            "the stuck control is cut");
    }

    private static MqttPublishPacket Publish(string topic, ushort id, byte[] payload) => new()
    {
        Topic = topic,
        QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        PacketIdentifier = id,
        Payload = new(payload),
    };
}
