using System.Buffers;
using System.Net;
using System.Text.Json;
using Messaging.Wire;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Channels;

/// <summary>When the relay is half full, an address has one share, whatever it appends by.</summary>
public sealed class ChannelShareTests : ChannelFolder
{
    [Fact]
    public async Task AddressWithoutAShareLeft_IsRefusedByEveryTransport_AndTheConnectionsGoOn()
    {
        await using var server = await ChannelServer.StartAsync(FilePath, static options => options with { MaxBytes = 6200 });
        var channel = await server.CreateAsync();
        for (var sent = 0; sent <= 3100; sent += 100)
        {
            await server.AppendAsync(channel, new byte[100]);
        }

        using var answer = await server.SendAsync(HttpMethod.Post, channel, "/records", [1]);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal("share_used", problem.RootElement.GetProperty("code").GetString());

        using var socket = await server.ConnectAsync();
        Assert.Equal(ChannelAnswerKind.Opened, (await socket.OpenAsync(channel, null)).Kind);
        await socket.SendAsync(ChannelRequest.Append(channel.Id, 5, [1]));
        Assert.Equal(("share_used", 5U), ((await socket.ReceiveAsync(ChannelAnswerKind.Refused)) is { } refused ? (refused.Code!, refused.Tag!.Value) : default));
        await socket.SendAsync(ChannelRequest.Close(channel.Id));
        Assert.Equal(ChannelAnswerKind.Opened, (await socket.OpenAsync(channel, 0)).Kind);

        using var client = await server.MqttAsync(channel);
        for (ushort id = 1; id <= 2; id++)
        {
            await client.SendAsync(new MqttPublishPacket
            {
                Topic = $"channels/{channel.Id}/records",
                Payload = new ReadOnlySequence<byte>([1]),
                PacketIdentifier = id,
                QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
            });
            var acknowledgement = Assert.IsType<MqttPubAckPacket>(await client.ReceiveAsync());
            Assert.Equal((id, MqttPubAckReasonCode.QuotaExceeded), (acknowledgement.PacketIdentifier, acknowledgement.ReasonCode));
            Assert.StartsWith("share_used: ", acknowledgement.ReasonString, StringComparison.Ordinal);
        }

        Assert.Equal(32, server.Registry.Find(channel.Id)!.Extent.Next);
    }
}
