using Messaging.Relay.Tests.Support;

namespace Messaging.Relay.Tests.Legacy;

/// <summary>Agents that share a name and a password talk over the relay, each as the seed system's do.</summary>
public sealed class ConversationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("legacy-test-");

    [Fact]
    public async Task TwoAgents_OverLongPoll_HearEachOther()
    {
        await using var server = await LegacyServer.StartAsync(_folder.FullName);
        using var ada = await SeedAgent.ConnectAsync(server, "web-ada");
        using var bob = await SeedAgent.ConnectAsync(server, "web-bob");
        Assert.Equal(ada.ChannelId, bob.ChannelId);
        var hearing = bob.HearAsync();

        await ada.SayAsync("web-bob", "Hello ✓ Bob");
        Assert.Equal("Hello ✓ Bob", await hearing);
        await bob.SayAsync("web-*", "Hello all");
        Assert.Equal("Hello all", await ada.HearAsync());
        Assert.Equal("Hello all", await bob.HearAsync());

        await ada.SayAsync("java-*", "not for Bob");
        await ada.SayAsync("nobody", "not for Bob");
        await ada.SayAsync("", "for everybody");
        Assert.Equal("for everybody", await bob.HearAsync());
    }

    [Fact]
    public async Task ComingAndGoing_IsTold()
    {
        await using var server = await LegacyServer.StartAsync(_folder.FullName);
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        Assert.Equal("ada", (string?)(await ada.NextAsync("connect"))["from"]);
        using var bob = await SeedAgent.ConnectAsync(server, "bob");

        var came = await ada.NextAsync("connect");
        Assert.Equal(("bob", "*", false), ((string?)came["from"], (string?)came["to"], (bool)came["encrypted"]!));
        await bob.DisconnectAsync();

        Assert.Equal("bob", (string?)(await ada.NextAsync("disconnect"))["from"]);
        using var again = await SeedAgent.ConnectAsync(server, "bob");
        Assert.NotEqual(bob.SessionId, again.SessionId);
    }

    [Fact]
    public async Task Password_IsAskedFor_AndTold_ToWhoKnowsOnlyTheId()
    {
        await using var server = await LegacyServer.StartAsync(_folder.FullName);
        using var ada = await SeedAgent.ConnectAsync(server, "ada", "room", "s3cret ✓");
        using var bob = await SeedAgent.ConnectByIdAsync(server, "bob", ada.ChannelId);

        var telling = ada.TellPasswordAsync("s3cret ✓");

        Assert.Equal("s3cret ✓", await bob.AskForPasswordAsync());
        await telling;
    }

    [Fact]
    public async Task TwoAgents_OverUdp_HearEachOther()
    {
        await using var server = await LegacyServer.StartAsync(_folder.FullName);
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        using var bob = await SeedAgent.ConnectAsync(server, "bob");
        var hearing = bob.NextByUdpAsync("udp-data");

        await ada.SayByUdpAsync("bob", "one");
        Assert.Equal("one", bob.Open(await hearing));
        await bob.SayByUdpAsync("a*", "two");

        Assert.Equal("two", ada.Open(await ada.NextByUdpAsync("udp-data")));
    }

    [Fact]
    public async Task OneOverUdp_AndOneOverHttp_HearEachOther()
    {
        await using var server = await LegacyServer.StartAsync(_folder.FullName);
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        using var bob = await SeedAgent.ConnectAsync(server, "bob");
        var hearing = bob.NextAsync("udp-data");

        await ada.SayByUdpAsync("bob", "one");
        Assert.Equal("one", bob.Open(await hearing));
        await bob.SayAsync("ada", "two");

        Assert.Equal("two", ada.Open(await ada.NextByUdpAsync("chat-text")));
    }

    [Fact]
    public async Task AnAgentInPython_AndThisOne_HearEachOther()
    {
        await using var server = await LegacyServer.StartAsync(_folder.FullName);
        using var ada = await SeedAgent.ConnectAsync(server, "ada");
        using var python = PythonAgent.Start(server.Url, server.Udp.Port, ada.ChannelId);

        await ada.NextAsync("connect");
        Assert.Equal("python", (string?)(await ada.NextAsync("connect"))["from"]);
        await ada.SayAsync("pyth*", "über alles");
        Assert.Equal("echo: über alles", await ada.HearAsync());
        await ada.SayAsync("python", "by udp");
        Assert.Equal("udp: by udp", ada.Open(await ada.NextByUdpAsync("udp-data")));
        await ada.TellPasswordAsync("12345678");
        Assert.Equal("python", (string?)(await ada.NextAsync("disconnect"))["from"]);
        Assert.Equal("password ok", await python.EndAsync());
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
