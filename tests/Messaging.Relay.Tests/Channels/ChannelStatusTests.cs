namespace Messaging.Relay.Tests.Channels;

/// <summary>What operators see of channels.</summary>
public sealed class ChannelStatusTests : ChannelFolder
{
    [Fact]
    public async Task List_OfChannels_HasTheBusiestFirst_AndNothingOfWhatIsInThem()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var status = server.Status;
        var quiet = await server.CreateAsync();
        var busy = await server.CreateAsync();
        for (var i = 0; i < 3; i++)
        {
            await server.AppendAsync(busy, new byte[10]);
        }

        var page = status.List(ChannelOrder.Rate, "", 0, 10);

        Assert.Equal(2, page.Total);
        Assert.Equal([busy.Id.ToString(), quiet.Id.ToString()], page.Items.Select(static one => one.Id));
        var first = page.Items[0];
        Assert.Equal((3, 30, 0, 0, false), (first.Records, first.Bytes, first.Followers, first.Members, first.IsLegacy));
        Assert.InRange(first.RecordsPerSecond, 3 / 60.0, 3 / 30.0);
        Assert.InRange(first.UsedAt, first.CreatedAt, TimeProvider.System.GetUtcNow().AddSeconds(1));
        Assert.Equal(busy.Id.ToString(), status.List(ChannelOrder.Size, "", 0, 1).Items.Single().Id);
        Assert.Equal(quiet.Id.ToString(), Assert.Single(status.List(ChannelOrder.Latest, quiet.Id.ToString()[..20], 0, 10).Items).Id);
        Assert.Equal(quiet.Id.ToString(), status.List(ChannelOrder.Rate, "", 1, 10).Items.Single().Id);
    }

    [Fact]
    public async Task Counters_OfChannels_TellRecordsAndRefusals()
    {
        await using var server = await ChannelServer.StartAsync(FilePath);
        var channel = await server.CreateAsync();
        await server.AppendAsync(channel, new byte[7]);
        using var denied = await server.SendAsync(HttpMethod.Get, channel, "/records", secret: "wrong");

        var counters = server.Status.Counters.ToDictionary(StringComparer.Ordinal);

        Assert.Equal((1, 7, 1), (counters["records"], counters["bytes"], counters["created"]));
        Assert.Equal(1, counters["accessDenied"]);
        Assert.True(counters["commits"] > 0);
    }
}
