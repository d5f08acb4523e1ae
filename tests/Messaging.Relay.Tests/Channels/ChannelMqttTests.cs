using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Messaging.Relay.Tests.Support;
using Messaging.Wire;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Channels;

/// <summary>Channels over MQTT: packets of MQTTnet's formatter, and Mosquitto's programs.</summary>
public sealed class ChannelMqttTests : ChannelFolder
{
    [Theory]
    [InlineData(MqttProtocolVersion.V500, false)]
    [InlineData(MqttProtocolVersion.V500, true)]
    [InlineData(MqttProtocolVersion.V311, false)]
    public async Task Record_OfEitherSide_ComesByMqtt_HttpAndWebSocket(MqttProtocolVersion version, bool isWebSocket)
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        await server.AppendAsync(channel, [0]);
        using var client = await server.MqttAsync(channel, version: version, isWebSocket: isWebSocket);
        await SubscribeAsync(client, $"channels/{channel.Id}/from/0/+");
        Assert.Equal(($"channels/{channel.Id}/from/0/0", "00"), Read(await MessageAsync(client)));

        using var socket = await server.ConnectAsync();
        await socket.OpenAsync(channel, 1);
        await client.SendAsync(Publish(channel, [1], id: 7));
        var (ack, message) = await BothAsync(client);
        Assert.Equal((7, MqttPubAckReasonCode.Success), (ack.PacketIdentifier, ack.ReasonCode));
        Assert.Equal(($"channels/{channel.Id}/from/0/1", "01"), Read(message));
        Assert.Equal([1], Assert.Single(await socket.ReadAsync(1)).Body);
        Assert.Equal([1], Assert.Single((await server.ReadAsync(channel, "?from=1")).Records).Body);

        var appended = await server.AppendAsync(channel, [2]);
        message = await MessageAsync(client);
        Assert.Equal(($"channels/{channel.Id}/from/0/2", "02"), Read(message));
        if (version == MqttProtocolVersion.V500)
        {
            var taken = Assert.Single(message.UserProperties);
            Assert.Equal(("taken", appended.UnixMs.ToString(CultureInfo.InvariantCulture)), (taken.Name, taken.ReadValueAsString()));
        }
    }

    [Fact]
    public async Task Subscription_ToNews_BeginsAtTheEnd_AndEndsWhenItIsUnsubscribed()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        await server.AppendAsync(channel, [0]);
        using var client = await server.MqttAsync(channel);
        await SubscribeAsync(client, $"channels/{channel.Id}/records/+", subscriptionId: 5);
        await server.AppendAsync(channel, [1]);
        var message = await MessageAsync(client);
        Assert.Equal(($"channels/{channel.Id}/records/1", "01"), Read(message));
        Assert.Equal([5U], message.SubscriptionIdentifiers);

        await client.SendAsync(new MqttUnsubscribePacket { PacketIdentifier = 2, TopicFilters = [$"channels/{channel.Id}/records/+", "other"] });
        var answer = Assert.IsType<MqttUnsubAckPacket>(await client.ReceiveAsync());
        Assert.Equal([MqttUnsubscribeReasonCode.Success, MqttUnsubscribeReasonCode.NoSubscriptionExisted], answer.ReasonCodes);
        await server.AppendAsync(channel, [2]);
        await client.SendAsync(new MqttPingReqPacket());
        Assert.IsType<MqttPingRespPacket>(await client.ReceiveAsync());
    }

    [Fact]
    public async Task Records_OfALongChannel_ComeWhollyAndInOrder_WhileMoreAreAppended()
    {
        const int Count = 600;
        await using var server = await ChannelServer.StartAsync(FilePath, static options => options with { MaxTailBytes = 50_000, MaxPageRecords = 100 });
        var channel = await server.CreateAsync();
        using var writer = await server.MqttAsync(channel);
        using var reader = await server.MqttAsync(channel);
        await SubscribeAsync(reader, $"channels/{channel.Id}/from/0/+");
        var writing = WriteAsync();
        for (var i = 0; i < Count; i++)
        {
            var message = await MessageAsync(reader);
            Assert.Equal($"channels/{channel.Id}/from/0/{i}", message.Topic);
            Assert.Equal(i, BitConverter.ToInt32(message.Payload.ToArray()));
        }

        // Answered in the order of the packets.
        Assert.Equal(Enumerable.Range(1, Count), await writing);

        async Task<List<int>> WriteAsync()
        {
            using var places = new SemaphoreSlim(60);
            var answering = AnswersAsync(places);
            for (var i = 0; i < Count; i++)
            {
                var body = new byte[2000];
                BitConverter.TryWriteBytes(body, i);
                await places.WaitAsync(Wait.Timeout);
                await writer.SendAsync(Publish(channel, body, id: (ushort)(i + 1), quality: i % 2 == 0 ? 1 : 2));
            }

            return await answering;
        }

        // The reader of answers sends the releases of QoS 2; its writes and those above are single segments.
        async Task<List<int>> AnswersAsync(SemaphoreSlim places)
        {
            var (answered, open) = (new List<int>(), Count);
            while (open > 0)
            {
                switch (await writer.ReceiveAsync())
                {
                    case MqttPubAckPacket { ReasonCode: MqttPubAckReasonCode.Success } ack:
                        answered.Add(ack.PacketIdentifier);
                        break;
                    case MqttPubRecPacket { ReasonCode: MqttPubRecReasonCode.Success } received:
                        answered.Add(received.PacketIdentifier);
                        await writer.SendAsync(new byte[] { 0x62, 2, (byte)(received.PacketIdentifier >> 8), (byte)received.PacketIdentifier });
                        continue;
                    case MqttPubCompPacket { ReasonCode: MqttPubCompReasonCode.Success }:
                        break;
                    case var other:
                        throw new InvalidDataException($"{other}");
                }

                open--;
                places.Release();
            }

            return answered;
        }
    }

    [Fact]
    public async Task Messages_OfQoS2_ThatAreNeverReleased_EndTheConnection()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        using var client = await server.MqttAsync(channel);
        for (ushort id = 1; id <= 65; id++)
        {
            await client.SendAsync(Publish(channel, [1], id, quality: 2));
        }

        Assert.Equal(MqttDisconnectReasonCode.ReceiveMaximumExceeded, await client.DisconnectReasonAsync());
    }

    [Fact]
    public async Task Message_OfQoS2_ThatComesAgain_IsAppendedOnce()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        using var client = await server.MqttAsync(channel);
        for (var i = 0; i < 2; i++)
        {
            await client.SendAsync(Publish(channel, [1], id: 3, quality: 2));
            Assert.Equal(3, Assert.IsType<MqttPubRecPacket>(await client.ReceiveAsync()).PacketIdentifier);
        }

        foreach (var expected in new[] { MqttPubCompReasonCode.Success, MqttPubCompReasonCode.PacketIdentifierNotFound })
        {
            await client.SendAsync(new MqttPubRelPacket { PacketIdentifier = 3 });
            Assert.Equal(expected, Assert.IsType<MqttPubCompPacket>(await client.ReceiveAsync()).ReasonCode);
        }

        Assert.Single((await server.ReadAsync(channel)).Records);
    }

    [Fact]
    public async Task Members_OfMqttAndWebSocket_AreToldOfEachOther()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        using var client = await server.MqttAsync(channel);
        await SubscribeAsync(client, $"channels/{channel.Id}/members");
        Assert.Empty(await MembersAsync(client));

        using (var socket = await server.ConnectAsync())
        {
            await socket.OpenAsync(channel, from: null, [42]);
            Assert.Equal([42], Assert.Single(await MembersAsync(client)).Name);
            await client.SendAsync(Publish(channel, new ChannelJoin([43], [9]).Encode(), id: 1, topic: "member"));
            Assert.IsType<MqttPubAckPacket>(await NextOfAsync<MqttPubAckPacket>(client));
            var answer = await socket.ReceiveAsync(ChannelAnswerKind.Members);
            while (answer.Members!.Members.Count < 2)
            {
                answer = await socket.ReceiveAsync(ChannelAnswerKind.Members);
            }

            Assert.Equal([9], answer.Members.Members.Single(static one => one.Name is [43]).Info);
            await client.SendAsync(Publish(channel, [], id: 2, topic: "member"));
            Assert.Equal([42], Assert.Single((await socket.ReceiveAsync(ChannelAnswerKind.Members)).Members!.Members).Name);
        }

        while ((await MembersAsync(client)).Count > 0)
        {
            // Until the WebSocket's member is away.
        }
    }

    [Fact]
    public async Task Will_IsAppended_UnlessTheClientTakesItsLeave()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        using (var gone = await server.MqttAsync(channel, connect => Will(connect, channel, [1])))
        {
        }

        Assert.Equal([1], Assert.Single((await server.ReadAsync(channel, "?wait=30")).Records).Body);
        using var leaving = await server.MqttAsync(channel, connect => Will(connect, channel, [2]));
        await leaving.SendAsync(new MqttDisconnectPacket { ReasonCode = MqttDisconnectReasonCode.NormalDisconnection });
        Assert.Null(await leaving.ReceiveAsync());
        using var saying = await server.MqttAsync(channel, connect => Will(connect, channel, [3]));
        await saying.SendAsync(new MqttDisconnectPacket { ReasonCode = MqttDisconnectReasonCode.DisconnectWithWillMessage });
        Assert.Null(await saying.ReceiveAsync());
        Assert.Equal([3], Assert.Single((await server.ReadAsync(channel, "?from=1&wait=30")).Records).Body);
    }

    public static TheoryData<string, string, MqttConnectReasonCode> Strangers() => new()
    {
        { "channel/00000000000000000000000000000001", "good", MqttConnectReasonCode.BadUserNameOrPassword },
        { "channel/nonsense", "good", MqttConnectReasonCode.BadUserNameOrPassword },
        { "channel/", "good", MqttConnectReasonCode.BadUserNameOrPassword },
        { "", "bad", MqttConnectReasonCode.BadUserNameOrPassword },
        { "", "none", MqttConnectReasonCode.BadUserNameOrPassword },
        { "", "will", MqttConnectReasonCode.TopicNameInvalid },
        { "", "retained", MqttConnectReasonCode.RetainNotSupported },
        { "", "empty", MqttConnectReasonCode.PayloadFormatInvalid },
    };

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task Client_ThatMayNotOrAsksForWhatIsNot_IsRefusedWithAReason(string user, string what, MqttConnectReasonCode reason)
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        using var client = await server.OpenMqttAsync(channel, connect =>
        {
            connect.Username = user.Length > 0 ? user : connect.Username;
            connect.Password = what switch { "bad" => Encoding.ASCII.GetBytes(new string('A', 43)), "none" => null, _ => connect.Password };
            if (what is "will" or "retained" or "empty")
            {
                Will(connect, channel, what == "empty" ? [] : [1]);
                connect.WillTopic = what == "will" ? "elsewhere" : connect.WillTopic;
                connect.WillRetain = what == "retained";
            }
        });
        Assert.Equal(reason, Assert.IsType<MqttConnAckPacket>(await client.ReceiveAsync()).ReasonCode);
        Assert.Null(await client.ReceiveAsync());
        Assert.Equal(reason == MqttConnectReasonCode.BadUserNameOrPassword ? 1 : 0, server.Registry.Counters.AccessDenied);
    }

    [Fact]
    public async Task ConnAck_SaysTheTerms()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        using var client = await server.OpenMqttAsync(channel, static connect => (connect.ClientId, connect.SessionExpiryInterval) = ("", 100));
        var answer = Assert.IsType<MqttConnAckPacket>(await client.ReceiveAsync());
        Assert.Equal((64, 0, false, false, 0U), (answer.ReceiveMaximum, answer.TopicAliasMaximum, answer.RetainAvailable, answer.SharedSubscriptionAvailable, answer.SessionExpiryInterval));
        Assert.Equal(ChannelRecord.MaxBytes + 4096U, answer.MaximumPacketSize);
        Assert.StartsWith("auto-", answer.AssignedClientIdentifier, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}/#", MqttSubscribeReasonCode.NotAuthorized)]
    [InlineData("{}/records", MqttSubscribeReasonCode.NotAuthorized)]
    [InlineData("{}/from/01/+", MqttSubscribeReasonCode.NotAuthorized)]
    [InlineData("{}/from//+", MqttSubscribeReasonCode.NotAuthorized)]
    [InlineData("{}/from/-1/+", MqttSubscribeReasonCode.NotAuthorized)]
    [InlineData("{}/from/99999999999999999999/+", MqttSubscribeReasonCode.NotAuthorized)]
    [InlineData("{}/from/9223372036854775808/+", MqttSubscribeReasonCode.NotAuthorized)]
    [InlineData("{}/from/2/+", MqttSubscribeReasonCode.ImplementationSpecificError)]
    [InlineData("channels/00000000000000000000000000000001/records/+", MqttSubscribeReasonCode.NotAuthorized)]
    [InlineData("#", MqttSubscribeReasonCode.NotAuthorized)]
    [InlineData("a#", MqttSubscribeReasonCode.TopicFilterInvalid)]
    [InlineData("$share/g/{}/records/+", MqttSubscribeReasonCode.SharedSubscriptionsNotSupported)]
    public async Task Filter_OfWhatIsNot_IsRefused_AndOthersAreServed(string filter, MqttSubscribeReasonCode reason)
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        await server.AppendAsync(channel, [0]);
        using var client = await server.MqttAsync(channel);
        await client.SendAsync(new MqttSubscribePacket
        {
            PacketIdentifier = 1,
            TopicFilters =
            [
                new MqttTopicFilter { Topic = filter.Replace("{}", $"channels/{channel.Id}", StringComparison.Ordinal) },
                new MqttTopicFilter { Topic = $"channels/{channel.Id}/from/0/+", QualityOfServiceLevel = MqttQualityOfServiceLevel.ExactlyOnce },
            ],
        });
        var answer = Assert.IsType<MqttSubAckPacket>(await client.ReceiveAsync());
        Assert.Equal([reason, MqttSubscribeReasonCode.GrantedQoS0], answer.ReasonCodes);
        Assert.Equal(reason == MqttSubscribeReasonCode.ImplementationSpecificError, answer.ReasonString?.StartsWith("beyond_end: the channel goes to 1.", StringComparison.Ordinal) == true);
        Assert.EndsWith("/from/0/0", (await MessageAsync(client)).Topic, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscriptions_AreBounded_AndOneMoreTimeReplacesTheFirst()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        for (var i = 0; i < 9; i++)
        {
            await server.AppendAsync(channel, [1]);
        }

        using var client = await server.MqttAsync(channel);
        await client.SendAsync(new MqttSubscribePacket
        {
            PacketIdentifier = 1,
            TopicFilters = [.. Enumerable.Range(0, 9).Select(i => new MqttTopicFilter { Topic = $"channels/{channel.Id}/from/{i + 1}/+" })],
        });
        var answer = Assert.IsType<MqttSubAckPacket>(await client.ReceiveAsync());
        Assert.Equal([.. Enumerable.Repeat(MqttSubscribeReasonCode.GrantedQoS0, 8), MqttSubscribeReasonCode.QuotaExceeded], answer.ReasonCodes);

        using var again = await server.MqttAsync(channel);
        for (var i = 0; i < 2; i++)
        {
            await SubscribeAsync(again, $"channels/{channel.Id}/from/8/+");
            Assert.EndsWith("/8", (await MessageAsync(again)).Topic, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Publish_OfWhatIsNot_IsRefused_AndTheConnectionGoesOn()
    {
        await using var server = await ChannelServer.StartAsync(FilePath, static options => options with { MaxBytes = 10 });
        var channel = await server.CreateAsync();
        using var client = await server.MqttAsync(channel);
        (string Topic, byte[] Body, MqttPubAckReasonCode Reason)[] cases =
        [
            ("records", [], MqttPubAckReasonCode.PayloadFormatInvalid),
            ("elsewhere", [1], MqttPubAckReasonCode.TopicNameInvalid),
            ("member", [1], MqttPubAckReasonCode.PayloadFormatInvalid),
            ("records", new byte[11], MqttPubAckReasonCode.QuotaExceeded),
            ("records", new byte[ChannelRecord.MaxBytes + 1], MqttPubAckReasonCode.QuotaExceeded),
            ("records", [1], MqttPubAckReasonCode.Success),
        ];
        ushort id = 0;
        foreach (var (topic, body, reason) in cases)
        {
            await client.SendAsync(Publish(channel, body, id: ++id, topic: topic));
            var answer = Assert.IsType<MqttPubAckPacket>(await client.ReceiveAsync());
            Assert.Equal((id, reason), (answer.PacketIdentifier, answer.ReasonCode));
            Assert.Equal(reason == MqttPubAckReasonCode.QuotaExceeded, answer.ReasonString is "relay_full: The relay holds as much as it may, and takes nothing more until old records go. Ask whoever runs it."
                or "record_too_large: A record has 1 to 262,144 bytes. Send larger things in pieces.");
        }

        // Refused, an identifier of QoS 2 is free.
        await client.SendAsync(Publish(channel, new byte[11], id: 50, quality: 2));
        Assert.Equal(MqttPubRecReasonCode.QuotaExceeded, Assert.IsType<MqttPubRecPacket>(await client.ReceiveAsync()).ReasonCode);
        await client.SendAsync(new MqttPubRelPacket { PacketIdentifier = 50 });
        Assert.Equal(MqttPubCompReasonCode.PacketIdentifierNotFound, Assert.IsType<MqttPubCompPacket>(await client.ReceiveAsync()).ReasonCode);
    }

    [Theory]
    [InlineData(11, "records")]
    [InlineData(1, "elsewhere")]
    public async Task Publish_OfMqtt311_ThatIsRefused_IsNotAcknowledged_AndEndsTheConnection(int size, string topic)
    {
        await using var server = await ChannelServer.StartAsync(FilePath, static options => options with { MaxBytes = 10 });
        var channel = await server.CreateAsync();
        using var client = await server.MqttAsync(channel, version: MqttProtocolVersion.V311);
        await client.SendAsync(Publish(channel, new byte[size], id: 1, topic: topic));
        Assert.Null(await client.ReceiveAsync());
    }

    public static TheoryData<string, byte[], MqttDisconnectReasonCode> Hostile() => new()
    {
        { "a second CONNECT", [0x10, 12, 0, 4, .. "MQTT"u8, 5, 2, 0, 0, 0, 0, 0], MqttDisconnectReasonCode.ProtocolError },
        { "an acknowledgement of nothing", [0x40, 2, 0, 1], MqttDisconnectReasonCode.ProtocolError },
        { "a reserved type", [0x00, 0], MqttDisconnectReasonCode.MalformedPacket },
        { "a length that goes on", [0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], MqttDisconnectReasonCode.MalformedPacket },
        { "a packet that is too large", [0x30, 0xFF, 0xFF, 0xFF, 0x7F], MqttDisconnectReasonCode.PacketTooLarge },
        { "a topic that is cut", [0x30, 3, 0, 9, 65], MqttDisconnectReasonCode.MalformedPacket },
        { "a filter that is cut", [0x82, 6, 0, 1, 0, 0, 9, 65], MqttDisconnectReasonCode.MalformedPacket },
        { "no filter", [0x82, 3, 0, 1, 0], MqttDisconnectReasonCode.ProtocolError },
        { "a topic alias", [0x30, 7, 0, 1, 65, 3, 0x23, 0, 1], MqttDisconnectReasonCode.TopicAliasInvalid },
        { "a retained message", [0x31, 4, 0, 1, 65, 0], MqttDisconnectReasonCode.RetainNotSupported },
        { "a session that begins at the end", [0xE0, 7, 0, 5, 0x11, 0, 0, 0, 9], MqttDisconnectReasonCode.ProtocolError },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Packet_ThatIsNone_EndsTheConnectionWithAReason(string what, byte[] bytes, MqttDisconnectReasonCode reason)
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        using var client = await server.MqttAsync(channel);
        await client.SendAsync(bytes);
        Assert.True(await client.DisconnectReasonAsync() == reason, what);
        await Wait.ForAsync(() => server.MqttCount == 0, "the connection is over");
    }

    [Fact]
    public async Task Packets_CutAtEachByte_AreNoHarm()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        using var sample = RawClient.Over(Stream.Null);
        byte[] whole =
        [
            .. sample.Encode(new MqttSubscribePacket { PacketIdentifier = 1, TopicFilters = [new MqttTopicFilter { Topic = $"channels/{channel.Id}/from/0/+" }] }),
            .. sample.Encode(Publish(channel, [1, 2, 3], id: 2)),
        ];
        for (var length = 0; length < whole.Length; length++)
        {
            using var client = await server.MqttAsync(channel);
            await client.SendAsync(whole.AsMemory(0, length));
            client.EndSending();
            await client.DrainAsync();
        }

        Assert.Empty((await server.ReadAsync(channel)).Records);
        using var last = await server.MqttAsync(channel);
        foreach (var one in whole)
        {
            await last.SendAsync(new[] { one });
        }

        Assert.IsType<MqttPubAckPacket>(await NextOfAsync<MqttPubAckPacket>(last));
        await Wait.ForAsync(() => server.MqttCount == 1, "the others are over");
    }

    [Fact]
    public async Task Client_ThatIsSilent_IsToldAndCut()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        using var client = await server.MqttAsync(channel, static connect => connect.KeepAlivePeriod = 1);
        Assert.Equal(MqttDisconnectReasonCode.KeepAliveTimeout, await client.DisconnectReasonAsync());
    }

    [Fact]
    public async Task Client_ThatTakesNothing_IsCut_AndOthersAreNotHeldUp()
    {
        await using var server = await ChannelServer.StartAsync(FilePath, relay: static options => options with { StallTimeout = TimeSpan.FromSeconds(2) });
        var channel = await server.CreateAsync();
        using var writer = await server.ConnectAsync();
        await writer.OpenAsync(channel, from: null);
        using var stuck = await server.MqttAsync(channel, receiveBuffer: 4096);
        await stuck.SendAsync(new MqttSubscribePacket { PacketIdentifier = 1, TopicFilters = [new MqttTopicFilter { Topic = $"channels/{channel.Id}/from/0/+" }] });
        using var well = await server.MqttAsync(channel);
        await SubscribeAsync(well, $"channels/{channel.Id}/from/0/+");
        for (uint i = 0; i < 100; i++)
        {
            await writer.SendAsync(ChannelRequest.Append(channel.Id, i, new byte[200_000]));
            await writer.ReceiveAsync(ChannelAnswerKind.Appended);
            Assert.EndsWith($"/{i}", (await MessageAsync(well)).Topic, StringComparison.Ordinal);
        }

        await Wait.ForAsync(() => server.Registry.Counters.SlowConsumers == 1, "it is cut");
        await Wait.ForAsync(() => server.MqttCount == 1, "it is away");
    }

    [Fact]
    public async Task Record_LargerThanTheClientTakes_IsLeftOut_AndCounted()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        await server.AppendAsync(channel, new byte[2000]);
        await server.AppendAsync(channel, [2]);
        using var client = await server.MqttAsync(channel, static connect => connect.MaximumPacketSize = 500);
        await SubscribeAsync(client, $"channels/{channel.Id}/from/0/+");
        Assert.EndsWith("/from/0/1", (await MessageAsync(client)).Topic, StringComparison.Ordinal);
        Assert.Equal(1, server.Registry.Counters.TooLargeForSubscribers);
    }

    [Fact]
    public async Task Channel_Removed_IsSaidToThoseWhoHaveItOpen()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        using var client = await server.MqttAsync(channel);
        await SubscribeAsync(client, $"channels/{channel.Id}/records/+");
        await server.Registry.RemoveAsync(server.Registry.Find(channel.Id)!);
        Assert.Equal(MqttDisconnectReasonCode.AdministrativeAction, await client.DisconnectReasonAsync());
    }

    [Fact]
    public async Task Relay_ThatStops_SaysSo()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        using var client = await server.MqttAsync(channel);
        var stopping = server.StopAsync();
        Assert.Equal(MqttDisconnectReasonCode.ServerShuttingDown, await client.DisconnectReasonAsync());
        await stopping;
    }

    [Fact]
    public async Task Relay_WithoutChannels_RefusesTheirClients()
    {
        await using var host = await RelayHost.StartAsync();
        using var client = await RawClient.OpenAsync(host);
        await client.SendAsync(new MqttConnectPacket { ClientId = "c", CleanSession = true, Username = "channel/00000000000000000000000000000001", Password = [1] });
        Assert.NotEqual(MqttConnectReasonCode.Success, Assert.IsType<MqttConnAckPacket>(await client.ReceiveAsync()).ReasonCode);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("311")]
    public async Task Mosquitto_AppendsAndFollows(string version)
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        await server.AppendAsync(channel, "zero"u8.ToArray());
        foreach (var quality in new[] { "0", "1", "2" })
        {
            var (code, said) = await RunAsync("mosquitto_pub", "-t", $"channels/{channel.Id}/records", "-m", $"q{quality}", "-q", quality);
            Assert.True(code == 0, said);
        }

        var (exit, output) = await RunAsync("mosquitto_sub", "-t", $"channels/{channel.Id}/from/0/+", "-q", "1", "-C", "4", "-W", "30", "-F", "%t %p");
        Assert.True(exit == 0, output);
        Assert.Equal(["0 zero", "1 q0", "2 q1", "3 q2"], output.Trim().Split('\n').Select(line => line[$"channels/{channel.Id}/from/0/".Length..]));
        (exit, output) = await RunAsync("mosquitto_pub", "-t", "elsewhere", "-m", "x", "-q", "1");
        Assert.True(version == "5" ? output.Contains("Topic name invalid", StringComparison.OrdinalIgnoreCase) : exit != 0, $"{exit} {output}");

        async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
        {
            string[] all = ["-h", "127.0.0.1", "-p", $"{server.MqttPort}", "-V", version, "-u", $"channel/{channel.Id}", "-P", channel.SecretText, .. arguments];
            using var process = Process.Start(new ProcessStartInfo(program, all) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(Wait.Timeout), process.StandardError.ReadToEndAsync(Wait.Timeout));
            await process.WaitForExitAsync(Wait.Timeout);
            return (process.ExitCode, await output + await errors);
        }
    }

    private static void Will(MqttConnectPacket connect, TestChannel channel, byte[] body) =>
        (connect.WillFlag, connect.WillTopic, connect.WillMessage) = (true, $"channels/{channel.Id}/records", body);

    private static MqttPublishPacket Publish(TestChannel channel, byte[] body, ushort id, int quality = 1, string topic = "records") => new()
    {
        Topic = $"channels/{channel.Id}/{topic}",
        Payload = new ReadOnlySequence<byte>(body),
        PacketIdentifier = id,
        QualityOfServiceLevel = (MqttQualityOfServiceLevel)quality,
    };

    private static async Task SubscribeAsync(RawClient client, string filter, uint subscriptionId = 0)
    {
        await client.SendAsync(new MqttSubscribePacket { PacketIdentifier = 1, SubscriptionIdentifier = subscriptionId, TopicFilters = [new MqttTopicFilter { Topic = filter }] });
        Assert.Equal([MqttSubscribeReasonCode.GrantedQoS0], (await NextOfAsync<MqttSubAckPacket>(client)).ReasonCodes);
    }

    private static Task<MqttPublishPacket> MessageAsync(RawClient client) => NextOfAsync<MqttPublishPacket>(client);

    private static async Task<IReadOnlyList<ChannelMember>> MembersAsync(RawClient client)
    {
        Assert.True(ChannelMemberList.TryDecode((await MessageAsync(client)).Payload.ToArray(), out var list));
        return list.Members;
    }

    private static async Task<T> NextOfAsync<T>(RawClient client)
        where T : MqttPacket
    {
        while (true)
        {
            var packet = await client.ReceiveAsync();
            Assert.NotNull(packet);
            if (packet is T found)
            {
                return found;
            }
        }
    }

    /// <summary>An acknowledgement and a message, in either order.</summary>
    private static async Task<(MqttPubAckPacket Ack, MqttPublishPacket Message)> BothAsync(RawClient client)
    {
        var packets = new[] { await client.ReceiveAsync(), await client.ReceiveAsync() };
        return (packets.OfType<MqttPubAckPacket>().Single(), packets.OfType<MqttPublishPacket>().Single());
    }

    private static (string Topic, string Body) Read(MqttPublishPacket message) => (message.Topic, Convert.ToHexString(message.Payload.ToArray()));
}
