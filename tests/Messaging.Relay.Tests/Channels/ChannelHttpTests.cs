using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Messaging.Relay.Tests.Support;
using Messaging.Wire;

namespace Messaging.Relay.Tests.Channels;

public sealed class ChannelHttpTests : ChannelFolder
{
    private static readonly CancellationToken Cancelled = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_Appended_AreReadInOrderWithTheirOffsets()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        for (byte i = 0; i < 10; i++)
        {
            Assert.Equal(i, (await server.AppendAsync(channel, [i])).Offset);
        }

        var page = await server.ReadAsync(channel, "?from=3&limit=4");
        Assert.Equal([3, 4, 5, 6], page.Records.Select(static record => record.Offset));
        Assert.Equal([3, 4, 5, 6], page.Records.Select(static record => record.Body[0]));
        Assert.Equal(7UL, page.Next);
        Assert.Equal(0UL, page.First);
        Assert.Equal([7, 8, 9], (await server.ReadAsync(channel, $"?from={page.Next}")).Records.Select(static record => record.Offset));
    }

    [Fact]
    public async Task Records_ThatComeWhileSomebodyWaits_AreAnsweredAtOnce()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        var waiting = server.ReadAsync(channel, "?from=0&wait=30");
        await Wait.ForAsync(() => server.Registry.Find(channel.Id)!.ListenerCount == 1, "somebody waits");
        await server.AppendAsync(channel, [7]);
        Assert.Equal([7], Assert.Single((await waiting).Records).Body);
    }

    [Fact]
    public async Task Records_WhenNothingComes_AreAnEmptyPageInTime()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        await server.AppendAsync(channel, [1]);
        var page = await server.ReadAsync(channel, "?from=1&wait=1");
        Assert.Empty(page.Records);
        Assert.Equal(1UL, page.Next);
    }

    [Fact]
    public async Task Stream_ARecord_IsAnEventWhoseIdContinuesIt()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        await server.AppendAsync(channel, [1]);
        using var first = await server.SendAsync(HttpMethod.Get, channel, "/stream?from=0");
        Assert.Equal("text/event-stream", first.Content.Headers.ContentType!.MediaType);
        var events = new StreamReader(await first.Content.ReadAsStreamAsync(Cancelled));
        Assert.Equal(("record", "1", 0UL), await NextAsync(events));
        await server.AppendAsync(channel, [2]);
        Assert.Equal(("record", "2", 1UL), await NextAsync(events));

        await server.AppendAsync(channel, [3]);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{ChannelSocket.Path}/{channel.Id}/stream");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {channel.SecretText}");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", "1");
        using var second = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        var again = new StreamReader(await second.Content.ReadAsStreamAsync(Cancelled));
        Assert.Equal(("record", "2", 1UL), await NextAsync(again));
        Assert.Equal(("record", "3", 2UL), await NextAsync(again));
    }

    [Fact]
    public async Task Stream_FromWhatIsGone_SaysWhatIsMissing()
    {
        await using var server = await ChannelServer.StartAsync(FilePath, static options => options with { MaxChannelBytes = 1000 });
        var channel = await server.CreateAsync();
        for (var i = 0; i < 20; i++)
        {
            await server.AppendAsync(channel, new byte[100]);
        }

        var first = server.Registry.Find(channel.Id)!.Extent.First;
        Assert.True(first > 0);
        using var answer = await server.SendAsync(HttpMethod.Get, channel, "/stream?from=0");
        var events = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancelled));
        var lines = await LinesAsync(events);
        Assert.Equal(["event: gap", $"id: {first}", $"data: 0-{first - 1}"], lines);
        Assert.Equal(("record", $"{first + 1}", (ulong)first), await NextAsync(events));
    }

    [Fact]
    public async Task Channel_MadeAgainWithTheSameSecret_IsTheSame_AndWithAnotherIsTaken()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync([1, 2, 3]);
        await server.AppendAsync(channel, [1]);
        using var same = await server.PutAsync(channel, [9]);
        Assert.Equal(HttpStatusCode.OK, same.StatusCode);
        Assert.True(ChannelInfo.TryDecode(await same.Content.ReadAsByteArrayAsync(Cancelled), out var info));
        Assert.Equal([1, 2, 3], info.Descriptor);
        Assert.Equal(1UL, info.Next);
        using var other = await server.PutAsync(channel with { Secret = RandomNumberGenerator.GetBytes(32) }, []);
        await RefusedAsync(other, HttpStatusCode.Conflict, "channel_taken");
    }

    [Fact]
    public async Task Channel_MadeByManyAtOnce_IsMadeOnce()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = new TestChannel(ChannelId.Generate(), RandomNumberGenerator.GetBytes(32));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.PutAsync(channel, [])));
        Assert.Equal(1, answers.Count(static answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal(19, answers.Count(static answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(1, server.Registry.Count);
    }

    [Fact]
    public async Task Description_WithoutTheSecret_SaysNothingOfWhatIsInIt()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync([5]);
        using var stranger = await server.SendAsync(HttpMethod.Get, channel, "", secret: "");
        Assert.True(ChannelInfo.TryDecode(await stranger.Content.ReadAsByteArrayAsync(Cancelled), out var info));
        Assert.Equal([5], info.Descriptor);
        Assert.Null(info.Next);
        using var member = await server.SendAsync(HttpMethod.Get, channel, "");
        Assert.True(ChannelInfo.TryDecode(await member.Content.ReadAsByteArrayAsync(Cancelled), out info));
        Assert.Equal(0UL, info.Next);
    }

    [Theory]
    [InlineData("GET", "", "wrong")]
    [InlineData("GET", "/records", "wrong")]
    [InlineData("GET", "/records", "")]
    [InlineData("POST", "/records", "wrong")]
    [InlineData("POST", "/records", "")]
    [InlineData("GET", "/stream", "wrong")]
    [InlineData("GET", "/stream", "")]
    [InlineData("GET", "/members", "wrong")]
    [InlineData("GET", "/members", "")]
    public async Task Request_WithoutTheSecret_IsRefused(string method, string path, string secret)
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        var text = secret.Length == 0 ? "" : Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        using var answer = await server.SendAsync(new HttpMethod(method), channel, path, method == "POST" ? [1] : null, text);
        await RefusedAsync(answer, HttpStatusCode.Unauthorized, "wrong_secret");
        Assert.Equal(0, server.Registry.Find(channel.Id)!.Extent.Next);
    }

    [Theory]
    [InlineData("Basic abc")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer AAAA")]
    [InlineData("Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("Bearer !!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    public async Task Secret_InAnotherForm_IsRefused(string header)
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{ChannelSocket.Path}/{channel.Id}/records");
        request.Headers.TryAddWithoutValidation("Authorization", header);
        using var answer = await server.Http.SendAsync(request, Cancelled);
        await RefusedAsync(answer, HttpStatusCode.Unauthorized, "wrong_secret");
    }

    [Theory]
    [InlineData("PUT", "", 400, "malformed")]
    [InlineData("DELETE", "", 405, "method_not_allowed")]
    [InlineData("PATCH", "/records", 405, "method_not_allowed")]
    [InlineData("POST", "/stream", 405, "method_not_allowed")]
    [InlineData("POST", "/members", 405, "method_not_allowed")]
    [InlineData("GET", "/records?from=x", 400, "malformed")]
    [InlineData("GET", "/records?from=-1", 400, "malformed")]
    [InlineData("GET", "/records?from=1", 409, "beyond_end")]
    [InlineData("GET", "/records?from=0&from=0", 400, "malformed")]
    [InlineData("GET", "/records?from=99999999999999999999", 400, "malformed")]
    [InlineData("GET", "/records?limit=0", 400, "malformed")]
    [InlineData("GET", "/records?wait=36", 400, "malformed")]
    [InlineData("GET", "/stream?from=1", 409, "beyond_end")]
    public async Task Request_ThatIsNone_IsRefused(string method, string path, int status, string code)
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        using var answer = await server.SendAsync(new HttpMethod(method), channel, path, method == "GET" ? null : [1, 2]);
        await RefusedAsync(answer, (HttpStatusCode)status, code);
    }

    [Theory]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("0123")]
    [InlineData("ABCDEFABCDEFABCDEFABCDEFABCDEFAB")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    public async Task Channel_ThatIsNotThere_IsNotFound(string id)
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        using var answer = await server.SendAsync(HttpMethod.Get, $"{ChannelSocket.Path}/{id}/records", null, Base64Url.EncodeToString(new byte[32]));
        await RefusedAsync(answer, HttpStatusCode.NotFound, "channel_not_found");
    }

    [Theory]
    [InlineData(0, 413)]
    [InlineData(1, 200)]
    [InlineData(ChannelRecord.MaxBytes, 200)]
    [InlineData(ChannelRecord.MaxBytes + 1, 413)]
    public async Task Record_OfASize_IsTakenOrNot(int size, int status)
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        using var answer = await server.SendAsync(HttpMethod.Post, channel, "/records", new byte[size]);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Record_WithoutALength_IsBoundedAllTheSame()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{ChannelSocket.Path}/{channel.Id}/records") { Content = new StreamContent(new MemoryStream(new byte[ChannelRecord.MaxBytes + 1])) };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {channel.SecretText}");
        request.Headers.TransferEncodingChunked = true;
        using var answer = await server.Http.SendAsync(request, Cancelled);
        await RefusedAsync(answer, HttpStatusCode.RequestEntityTooLarge, "record_too_large");
    }

    [Fact]
    public async Task Channels_FromOneAddress_AreLimited()
    {
        await using var server = await ChannelServer.StartAsync(FilePath, static options => options with { CreatesPerMinute = 2 });
        await server.CreateAsync();
        var last = await server.CreateAsync();
        using var refused = await server.PutAsync(last with { Id = ChannelId.Generate() }, []);
        await RefusedAsync(refused, HttpStatusCode.TooManyRequests, "too_many_requests");
        Assert.NotNull(refused.Headers.RetryAfter);
        using var same = await server.PutAsync(last, []);
        Assert.Equal(HttpStatusCode.OK, same.StatusCode);
    }

    [Fact]
    public async Task Page_OfAnotherOrigin_MayAsk()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        using var preflight = new HttpRequestMessage(HttpMethod.Options, $"{ChannelSocket.Path}/{ChannelId.Generate()}/records");
        preflight.Headers.TryAddWithoutValidation("Origin", "https://app.example.org");
        preflight.Headers.TryAddWithoutValidation("Access-Control-Request-Method", "POST");
        preflight.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", "authorization");
        using var answer = await server.Http.SendAsync(preflight, Cancelled);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Waiters_BeyondThePlacesOfAnAddress_AreSentAway()
    {
        await using var server = await ChannelServer.StartAsync(FilePath, relay: static options => options with { MaxConnectionsPerAddress = 2 });
        var channel = await server.CreateAsync();
        using var first = await server.SendAsync(HttpMethod.Get, channel, "/stream");
        using var second = await server.SendAsync(HttpMethod.Get, channel, "/stream");
        using var third = await server.SendAsync(HttpMethod.Get, channel, "/stream");
        await RefusedAsync(third, HttpStatusCode.ServiceUnavailable, "too_many_connections");
    }

    private static async Task RefusedAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        Assert.Equal(status, answer.StatusCode);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(Cancelled));
        Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    private static async Task<(string Name, string Id, ulong Offset)> NextAsync(StreamReader events)
    {
        var lines = await LinesAsync(events);
        var bytes = Base64Url.DecodeFromChars(lines[2].AsSpan("data: ".Length));
        var reader = new CborReader(bytes);
        Assert.True(reader.TryReadArray(3));
        Assert.True(reader.TryReadUInt64(out var offset));
        return (lines[0]["event: ".Length..], lines[1]["id: ".Length..], offset);
    }

    private static async Task<List<string>> LinesAsync(StreamReader events)
    {
        var lines = new List<string>();
        while (true)
        {
            var line = await events.ReadLineAsync(Wait.Timeout);
            Assert.NotNull(line);
            if (line.Length > 0 && line[0] != ':')
            {
                lines.Add(line);
            }
            else if (line.Length == 0 && lines.Count > 0)
            {
                return lines;
            }
        }
    }
}
