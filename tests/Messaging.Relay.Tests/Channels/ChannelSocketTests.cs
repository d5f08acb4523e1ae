using System.Net.WebSockets;
using System.Security.Cryptography;
using Messaging.Relay.Tests.Support;
using Messaging.Wire;

namespace Messaging.Relay.Tests.Channels;

public sealed class ChannelSocketTests : ChannelFolder
{
    [Fact]
    public async Task Record_FromHttp_ComesByEveryTransport_AndFromWebSocketToo()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        using var client = await server.ConnectAsync();
        Assert.Equal(ChannelAnswerKind.Opened, (await client.OpenAsync(channel, 0)).Kind);
        var polling = server.ReadAsync(channel, "?wait=30");
        using var stream = await server.SendAsync(HttpMethod.Get, channel, "/stream?from=0");
        var events = new StreamReader(await stream.Content.ReadAsStreamAsync(Wait.Timeout));

        await server.AppendAsync(channel, [1]);
        Assert.Equal([1], Assert.Single(await client.ReadAsync(1)).Body);
        Assert.Equal([1], Assert.Single((await polling).Records).Body);

        await client.SendAsync(ChannelRequest.Append(channel.Id, 77, [2]));
        var appended = await client.ReceiveAsync(ChannelAnswerKind.Appended);
        Assert.Equal((77U, 1UL), (appended.Tag, appended.Record!.Offset));
        Assert.Equal([2], Assert.Single((await server.ReadAsync(channel, "?from=1")).Records).Body);
        var ids = new List<string>();
        while (ids.Count < 2)
        {
            if (await events.ReadLineAsync(Wait.Timeout) is { } line && line.StartsWith("id: ", StringComparison.Ordinal))
            {
                ids.Add(line);
            }
        }

        Assert.Equal(["id: 1", "id: 2"], ids);
    }

    [Fact]
    public async Task Records_OfALongChannel_ComeWhollyAndInOrder_WhileMoreAreAppended()
    {
        // Less is kept in memory than is read.
        await using var server = await ChannelServer.StartAsync(FilePath, static options => options with { MaxTailBytes = 50_000, MaxPageRecords = 100 });
        var channel = await server.CreateAsync();
        using var writer = await server.ConnectAsync();
        await writer.OpenAsync(channel, from: null);
        for (uint i = 0; i < 500; i++)
        {
            await writer.SendAsync(ChannelRequest.Append(channel.Id, i, new byte[300]));
            Assert.Equal(i, (await writer.ReceiveAsync(ChannelAnswerKind.Appended)).Tag);
        }

        using var reader = await server.ConnectAsync();
        await reader.OpenAsync(channel, 0);
        var reading = reader.ReadAsync(1000);
        for (uint i = 500; i < 1000; i += 50)
        {
            for (var j = i; j < i + 50; j++)
            {
                await writer.SendAsync(ChannelRequest.Append(channel.Id, j, new byte[300]));
            }

            for (var j = i; j < i + 50; j++)
            {
                Assert.Equal((j, (ulong)j), ((await writer.ReceiveAsync(ChannelAnswerKind.Appended)) is { } answer ? (answer.Tag!.Value, answer.Record!.Offset) : default));
            }
        }

        Assert.Equal(Enumerable.Range(0, 1000).Select(static i => (ulong)i), (await reading).Select(static record => record.Offset));
    }

    [Fact]
    public async Task Members_ComeAndGo_AndAreTold()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        using var first = await server.ConnectAsync();
        await first.OpenAsync(channel, from: null, [1]);
        Assert.Equal([1], Names(await first.ReceiveAsync(ChannelAnswerKind.Members)));
        var second = await server.ConnectAsync();
        await second.OpenAsync(channel, from: null, [2]);
        Assert.Equal([1, 2], Names(await first.ReceiveAsync(ChannelAnswerKind.Members)));

        using var list = await server.SendAsync(HttpMethod.Get, channel, "/members");
        Assert.True(ChannelMemberList.TryDecode(await list.Content.ReadAsByteArrayAsync(Wait.Timeout), out var members));
        Assert.Equal(2, members.Members.Count);

        // Without a word.
        second.Dispose();
        Assert.Equal([1], Names(await first.ReceiveAsync(ChannelAnswerKind.Members)));
    }

    [Fact]
    public async Task Member_ByTwoConnections_IsHereUntilTheLastEnds()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        using var first = await server.ConnectAsync();
        await first.OpenAsync(channel, from: null, [9]);
        using var second = await server.ConnectAsync();
        await second.OpenAsync(channel, from: null, [9]);
        var members = server.Registry.Find(channel.Id)!.Members;
        Assert.Equal(1, members.Count);
        await first.CloseAsync();
        await second.SendAsync(ChannelRequest.Append(channel.Id, 1, [1]));
        await second.ReceiveAsync(ChannelAnswerKind.Appended);
        Assert.Equal(1, members.Count);
        await second.SendAsync(ChannelRequest.Close(channel.Id));
        await Wait.ForAsync(() => members.Count == 0, "the member has gone");
    }

    [Fact]
    public async Task Request_ThatCannotBe_IsRefusedWithAReason_AndTheConnectionGoesOn()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        using var client = await server.ConnectAsync();
        Assert.Equal("wrong_secret", (await client.OpenAsync(channel with { Secret = RandomNumberGenerator.GetBytes(32) }, 0)).Code);
        Assert.Equal("channel_not_found", (await client.OpenAsync(channel with { Id = ChannelId.Generate() }, 0)).Code);
        Assert.Equal("beyond_end", (await client.OpenAsync(channel, 1)).Code);
        await client.SendAsync(ChannelRequest.Append(channel.Id, 5, [1]));
        var refused = await client.ReceiveAsync();
        Assert.Equal(("not_open", 5U), (refused!.Code, refused.Tag));
        await client.SendAsync(ChannelRequest.Close(channel.Id));
        Assert.Equal("not_open", (await client.ReceiveAsync())!.Code);
        Assert.Equal(ChannelAnswerKind.Opened, (await client.OpenAsync(channel, 0)).Kind);
        Assert.Equal("already_open", (await client.OpenAsync(channel, 0)).Code);
        Assert.Equal(2, server.Registry.Counters.AccessDenied);
    }

    [Fact]
    public async Task Channel_Removed_IsSaidToThoseWhoHaveItOpen()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        await server.AppendAsync(channel, [1]);
        using var client = await server.ConnectAsync();
        await client.OpenAsync(channel, 0);
        await client.ReadAsync(1);
        Assert.Equal(Relay.Channels.AppendStatus.Durable, await server.Registry.RemoveAsync(server.Registry.Find(channel.Id)!));
        Assert.Equal("channel_removed", (await client.ReceiveAsync())!.Code);
        Assert.Null(server.Registry.Find(channel.Id));
        await client.SendAsync(ChannelRequest.Append(channel.Id, 1, [1]));
        Assert.Equal("channel_removed", (await client.ReceiveAsync())!.Code);
    }

    [Theory]
    [InlineData(new byte[] { }, WebSocketMessageType.Binary, WebSocketCloseStatus.InvalidPayloadData)]
    [InlineData(new byte[] { 0xff }, WebSocketMessageType.Binary, WebSocketCloseStatus.InvalidPayloadData)]
    [InlineData(new byte[] { 0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, WebSocketMessageType.Binary, WebSocketCloseStatus.InvalidPayloadData)]
    [InlineData(new byte[] { 0x31 }, WebSocketMessageType.Text, WebSocketCloseStatus.InvalidMessageType)]
    public async Task Message_ThatIsNone_EndsTheConnectionWithAReason(byte[] message, WebSocketMessageType type, WebSocketCloseStatus status)
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        using var client = await server.ConnectAsync();
        await client.SendAsync(message, type);
        Assert.Null(await client.ReceiveAsync());
        Assert.Equal(status, client.CloseStatus);
    }

    [Fact]
    public async Task Message_TooLarge_EndsTheConnectionWithAReason()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        using var client = await server.ConnectAsync();
        await client.SendAsync(new byte[ChannelSocket.MaxRequestBytes + 1]);
        Assert.Null(await client.ReceiveAsync());
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, client.CloseStatus);
    }

    [Fact]
    public async Task Client_ThatOpensNothing_IsCut()
    {
        await using var server = await ChannelServer.StartAsync(FilePath, relay: static options => options with { ConnectTimeout = TimeSpan.FromMilliseconds(200) });
        using var client = await server.ConnectAsync();
        await Assert.ThrowsAsync<WebSocketException>(client.ReceiveAsync);
    }

    [Fact]
    public async Task Client_ThatTakesNothing_IsCut_AndOthersAreNotHeldUp()
    {
        await using var server = await ChannelServer.StartAsync(FilePath, relay: static options => options with { StallTimeout = TimeSpan.FromSeconds(1) });
        var channel = await server.CreateAsync();
        using var slow = await server.ConnectAsync();
        await slow.OpenAsync(channel, 0, [1]);
        await Wait.ForAsync(() => server.Registry.Find(channel.Id)!.Members.Count == 1, "the slow one is here");
        for (var i = 0; i < 64; i++)
        {
            // More than the sockets between them hold.
            await server.AppendAsync(channel, new byte[ChannelRecord.MaxBytes]);
        }

        await Wait.ForAsync(() => server.Registry.Find(channel.Id)!.Members.Count == 0, "the slow one is cut");
    }

    private static List<byte> Names(ChannelAnswer answer) => [.. answer.Members!.Members.Select(static member => member.Name[0]).Order()];
}
