using System.Net;
using System.Net.Sockets;
using System.Text;
using Messaging.Relay.Tests.Support;
using Messaging.Wire;

namespace Messaging.Relay.Tests.Polling;

/// <summary>What a client of long poll may send, rightly or wrongly.</summary>
public sealed class PollEndpointTests
{
    [Fact]
    public async Task Sessions_HaveNamesThatNobodyGuesses()
    {
        await using var host = await RelayHost.StartAsync();
        using var first = await PollClient.OpenAsync(host);
        using var second = await PollClient.OpenAsync(host);

        Assert.NotEqual(first.Session, second.Session);
        Assert.Equal(LongPoll.SessionBytes * 4 / 3, first.Session!.Length);
    }

    [Fact]
    public async Task Requests_OfNoSession_AreNotFound()
    {
        await using var host = await RelayHost.StartAsync();
        using var client = new PollClient(host) { Session = new string('A', 32) };

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(1)).Status);
        Assert.Equal(HttpStatusCode.NotFound, await client.PutAsync(1, [1]));
        Assert.Equal(HttpStatusCode.NotFound, await client.DeleteAsync());
        client.Session = null;
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.GetAsync(1)).Status);
        Assert.Equal(4, host.Count("pollRequestsRefused"));
        Assert.Equal(0, host.Status.Unauthenticated);
    }

    [Fact]
    public async Task Session_UnderAnotherCertificate_IsNotFound()
    {
        await using var host = await RelayHost.StartAsync();
        using var owner = await PollClient.OpenAsync(host, tls: true);
        using var thief = new PollClient(host) { Session = owner.Session };

        Assert.Equal(HttpStatusCode.NotFound, await thief.PutAsync(1, [1]));
        Assert.Equal(HttpStatusCode.NotFound, (await thief.GetAsync(1, 1)).Status);
    }

    [Fact]
    public async Task Chunk_SentAgain_IsTakenOnce()
    {
        await using var host = await RelayHost.StartAsync();
        using var client = await PollClient.OpenAsync(host);
        var connect = await ConnectAsync(host);

        Assert.Equal(HttpStatusCode.NoContent, await client.PutAsync(1, connect));
        Assert.Equal(HttpStatusCode.NoContent, await client.PutAsync(1, connect));

        // A second CONNECT would have ended the connection.
        var (status, challenge) = await client.GetAsync(1);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(0xF0, challenge[0]);
        Assert.Equal(HttpStatusCode.NoContent, (await client.GetAsync(2, 1)).Status);
        Assert.Equal(0, host.Count("protocolViolations"));
    }

    [Fact]
    public async Task Chunk_AskedForAgain_IsTheSame()
    {
        await using var host = await RelayHost.StartAsync();
        using var client = await PollClient.OpenAsync(host);
        await client.PutAsync(1, await ConnectAsync(host));

        var (_, first) = await client.GetAsync(1);
        var (status, again) = await client.GetAsync(1);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(first, again);
    }

    [Fact]
    public async Task Numbers_WithAGap_ChangeNothing()
    {
        await using var host = await RelayHost.StartAsync();
        using var client = await PollClient.OpenAsync(host);
        var connect = await ConnectAsync(host);

        Assert.Equal(HttpStatusCode.Conflict, await client.PutAsync(2, connect[10..]));
        Assert.Equal(HttpStatusCode.Conflict, (await client.GetAsync(2, 1)).Status);
        Assert.Equal(HttpStatusCode.NoContent, await client.PutAsync(1, connect[..10]));
        Assert.Equal(HttpStatusCode.Conflict, await client.PutAsync(3, connect[10..]));
        Assert.Equal(HttpStatusCode.NoContent, await client.PutAsync(2, connect[10..]));

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(1)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await client.GetAsync(3, 1)).Status);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("18446744073709551616")]
    [InlineData("one")]
    [InlineData(null)]
    public async Task Numbers_ThatAreNone_AreRefused(string? number)
    {
        await using var host = await RelayHost.StartAsync();
        using var client = await PollClient.OpenAsync(host);
        using var http = new HttpClient();
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Get })
        {
            using var request = new HttpRequestMessage(method, Url(host));
            request.Headers.Add(LongPoll.SessionHeader, client.Session);
            request.Headers.Add(LongPoll.WaitHeader, "1");
            if (number is not null)
            {
                request.Headers.Add(LongPoll.NumberHeader, number);
            }

            using var response = await http.SendAsync(request, Wait.Timeout);

            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Chunk_TooLarge_IsRefusedWhole(bool saysItsLength)
    {
        await using var host = await RelayHost.StartAsync();
        using var client = await PollClient.OpenAsync(host);
        var connect = await ConnectAsync(host);
        byte[] large = [.. connect, .. new byte[LongPoll.MaxChunkBytes]];
        HttpContent content = saysItsLength ? new ByteArrayContent(large) : new StreamContent(new UnsizedStream(large));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await client.PutAsync(1, content));
        Assert.Equal(HttpStatusCode.BadRequest, await client.PutAsync(1, Array.Empty<byte>()));

        Assert.Equal(HttpStatusCode.NoContent, await client.PutAsync(1, connect));
        Assert.Equal(0xF0, (await client.GetAsync(1)).Chunk[0]);
    }

    [Fact]
    public async Task Poll_ThatIsAskedAgain_AnswersTheNewerOne()
    {
        await using var host = await RelayHost.StartAsync();
        using var client = await PollClient.OpenAsync(host);
        var older = client.GetAsync(1);
        var newer = client.GetAsync(1);

        await Task.WhenAny(older, newer).WaitAsync(Wait.Limit, TimeProvider.System);
        await client.PutAsync(1, await ConnectAsync(host));
        var answers = await Task.WhenAll(older, newer);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.NoContent], answers.Select(answer => answer.Status).Order());
    }

    [Fact]
    public async Task RelayStops_AnswersHeldPolls()
    {
        await using var host = await RelayHost.StartAsync();
        using var client = await PollClient.OpenAsync(host);
        var polls = new[] { client.GetAsync(1), client.GetAsync(1) };
        var replaced = await Task.WhenAny(polls).WaitAsync(Wait.Limit, TimeProvider.System);
        var held = polls.Single(poll => poll != replaced);

        await host.StopAsync();

        Assert.Equal(HttpStatusCode.Gone, (await held).Status);
    }

    [Fact]
    public async Task Strangers_BeyondTheLimit_AreTurnedAway_AndTheirPlacesComeBack()
    {
        await using var host = await RelayHost.StartAsync(options => options with
        {
            MaxUnauthenticatedPerAddress = 20,
            ConnectTimeout = TimeSpan.FromSeconds(3),
        });
        using var client = new PollClient(host);

        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => client.BeginAsync()));

        Assert.InRange(answers.Count(status => status == HttpStatusCode.Created), 20, 60);
        Assert.All(answers, status => Assert.True(status is HttpStatusCode.Created or HttpStatusCode.ServiceUnavailable));
        await Wait.ForAsync(() => host.Status.Unauthenticated == 0, "strangers who say nothing are gone");
        Assert.Equal(HttpStatusCode.Created, await client.BeginAsync());
    }

    [Fact]
    public async Task Session_WithoutRequests_IsOver()
    {
        await using var host = await RelayHost.StartAsync(options => options with { PollIdleTimeout = TimeSpan.FromMilliseconds(300) });
        using var client = await PollClient.OpenAsync(host);

        await Wait.ForAsync(() => host.Count("pollSessionsExpired") == 1, "the session expires");
        await Wait.ForAsync(async () => (await client.GetAsync(1, 1)).Status == HttpStatusCode.NotFound, "it is forgotten");
    }

    [Fact]
    public async Task Session_WhoseRequestIsHeld_IsNotIdle()
    {
        await using var host = await RelayHost.StartAsync(options => options with { PollIdleTimeout = TimeSpan.FromMilliseconds(300) });
        using var client = await PollClient.OpenAsync(host);

        Assert.Equal(HttpStatusCode.NoContent, (await client.GetAsync(1, 2)).Status);

        Assert.Equal(0, host.Count("pollSessionsExpired"));
    }

    [Fact]
    public async Task Body_ThatStalls_HoldsUpNobodyElse_AndIsNotTaken()
    {
        await using var host = await RelayHost.StartAsync();
        using var client = await PollClient.OpenAsync(host);
        using var other = await PollClient.OpenAsync(host);
        var connect = await ConnectAsync(host);
        using var staller = new TcpClient();
        await staller.ConnectAsync(IPAddress.Loopback, Url(host).Port, Wait.Timeout);
        var head = $"POST /mqtt/poll HTTP/1.1\r\nHost: relay\r\nPoll-Session: {client.Session}\r\nPoll-Number: 1\r\nContent-Length: 1000\r\n\r\n";
        await staller.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + "half"), Wait.Timeout);

        await Wait.ForAsync(async () => await client.PutAsync(2, connect) == HttpStatusCode.ServiceUnavailable, "the stalled request is under way");
        Assert.Equal(HttpStatusCode.NoContent, await other.PutAsync(1, connect));
        staller.Close();

        await Wait.ForAsync(async () => await client.PutAsync(1, connect) == HttpStatusCode.NoContent, "the number is free again");
        Assert.Equal(0xF0, (await client.GetAsync(1)).Chunk[0]);
    }

    [Fact]
    public async Task Packet_LargerThanAStrangerMaySend_EndsTheSession()
    {
        await using var host = await RelayHost.StartAsync(options => options with { MaxUnauthenticatedPacketBytes = 1024 });
        using var client = await PollClient.OpenAsync(host);

        await client.PutAsync(1, [0x10, 0xFF, 0xFF, 0x03, .. new byte[1000]]);

        await Wait.ForAsync(() => host.Count("oversizedPackets") == 1, "the packet is judged by its header");
        await Wait.ForAsync(async () => await client.PutAsync(2, new byte[1000]) is HttpStatusCode.Gone or HttpStatusCode.NotFound, "the session is over");
        await Wait.ForAsync(() => host.Status.Unauthenticated == 0, "its place is free");
    }

    [Fact]
    public async Task Session_ThatIsEnded_TakesNothingMore()
    {
        await using var host = await RelayHost.StartAsync();
        using var client = await PollClient.OpenAsync(host);

        Assert.Equal(HttpStatusCode.NoContent, await client.DeleteAsync());

        Assert.True(await client.PutAsync(1, [1]) is HttpStatusCode.Gone or HttpStatusCode.NotFound);
        Assert.True((await client.GetAsync(1)).Status is HttpStatusCode.Gone or HttpStatusCode.NotFound);
        await Wait.ForAsync(() => host.Status.Unauthenticated == 0, "its place is free");
    }

    private static Uri Url(RelayHost host) => new(host.Urls.Single(url => url.StartsWith("http:", StringComparison.Ordinal)) + "/mqtt/poll");

    private static async Task<byte[]> ConnectAsync(RelayHost host)
    {
        using var encoder = await RawClient.OpenAsync(host);
        return encoder.Encode(RawClient.Hello(host.Control, out _));
    }

    /// <summary>A body whose length nobody can tell beforehand.</summary>
    private sealed class UnsizedStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
