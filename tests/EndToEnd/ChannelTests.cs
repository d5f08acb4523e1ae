using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Messaging.Agent.Tests.Hosting;
using Messaging.EndToEnd.Harness;
using Messaging.Wire;

namespace Messaging.EndToEnd;

/// <summary>What a relay has acknowledged of a channel is there, whatever happens to its process and its disk.</summary>
public sealed class ChannelTests
{
    private const int Kills = 20;
    private const int Clients = 4;
    private readonly ChannelId _channel = ChannelId.Generate();
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public async Task Kill_TwentyTimesWhileClientsAppend_LosesNothingThatWasAcknowledged()
    {
        using var scratch = new ScratchFolder();
        await using var relay = new RelayProcess(scratch["relay"], []);
        await relay.StartAsync();
        Assert.Equal(HttpStatusCode.Created, await relay.CreateAsync(_channel, _secret));
        var acknowledged = new ConcurrentDictionary<ulong, ulong>();
        ulong next = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            var before = acknowledged.Count;
            var appending = Enumerable.Range(0, Clients).Select(_ => AppendUntilItEndsAsync(relay, acknowledged, () => Interlocked.Increment(ref next))).ToList();
            var enough = RandomNumberGenerator.GetInt32(1, 200);
            await Eventually.Is("some are acknowledged", TimeSpan.FromSeconds(60), () => Task.FromResult(acknowledged.Count >= before + enough));
            await relay.KillAsync();
            await Task.WhenAll(appending);
            await relay.StartAsync();
        }

        var records = await relay.ReadAsync(_channel, _secret);
        Assert.Equal(Enumerable.Range(0, records.Count).Select(static i => (ulong)i), records.Select(static record => record.Offset));
        var numbers = records.Select(static record => BinaryPrimitives.ReadUInt64BigEndian(record.Body)).ToList();
        Assert.All(acknowledged, pair => Assert.Equal(pair.Value, numbers[(int)pair.Key]));
        Assert.Distinct(numbers);

        // At most one of each client was written and not acknowledged when it was killed.
        Assert.InRange(records.Count - acknowledged.Count, 0, Kills * Clients);
    }

    [Fact]
    public async Task Disk_ThatIsFull_RefusesWithAReason_AndTakesAgainWhenThereIsRoom()
    {
        using var scratch = new ScratchFolder();
        Directory.CreateDirectory(scratch["empty"]);
        await using var disk = await SmallDisk.MountAsync(scratch["disk"], scratch["empty"], mebibytes: 8);
        await using var relay = new RelayProcess(Path.Combine(disk.Path, "relay"), disk.Launcher);
        await relay.StartAsync();
        await relay.CreateAsync(_channel, _secret);
        var sums = new Dictionary<ulong, byte[]>();
        async Task<string> AppendAsync()
        {
            var body = RandomNumberGenerator.GetBytes(20_000);
            var (_, record, problem) = await relay.AppendAsync(_channel, _secret, body);
            if (record is not null)
            {
                sums.Add(record.Offset, SHA256.HashData(body));
            }

            return problem;
        }

        Assert.Equal("", await AppendAsync());
        await disk.FillAsync();
        var refused = "";
        for (var i = 0; i < 1000 && refused.Length == 0; i++)
        {
            refused = await AppendAsync();
        }

        Assert.Contains("\"disk_full\"", refused, StringComparison.Ordinal);
        await SaysAsync(relay, "its disk is full");
        using (var health = await relay.GetAsync("/health/ready"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        }

        // What it has, it still gives.
        Assert.Equal(sums.Count, (await relay.ReadAsync(_channel, _secret)).Count);
        Assert.Contains("\"disk_full\"", await AppendAsync(), StringComparison.Ordinal);
        await disk.MakeRoomAsync();
        Assert.Equal("", await AppendAsync());
        await SaysAsync(relay, "can be written again");
        var records = await relay.ReadAsync(_channel, _secret);
        Assert.Equal(sums.Keys.Order(), records.Select(static record => record.Offset));
        Assert.All(records, record => Assert.Equal(sums[record.Offset], SHA256.HashData(record.Body)));
    }

    /// <summary>Its output comes by a pipe, a moment later than its answers.</summary>
    private static Task SaysAsync(RelayProcess relay, string text) =>
        Eventually.Is($"the relay says: {text}", TimeSpan.FromSeconds(30), () => Task.FromResult(relay.Output.Contains(text, StringComparison.Ordinal)));

    [Fact]
    public async Task Metrics_OfARelay_AreOnTheirPortAlone()
    {
        using var scratch = new ScratchFolder();
        await using var relay = new RelayProcess(scratch["relay"], []);
        await relay.StartAsync();
        await relay.CreateAsync(_channel, _secret);
        await relay.AppendAsync(_channel, _secret, [1, 2, 3]);
        await relay.AppendAsync(_channel, RandomNumberGenerator.GetBytes(32), [1]);
        using var answer = await relay.GetMetricsAsync();
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Matches(@"(?m)^messaging_relay_channels_records_total(\{[^}]*\})? 1$", text);
        Assert.Matches(@"(?m)^messaging_relay_channels_io_bytes_total(\{[^}]*\})? 3$", text);
        Assert.Matches(@"(?m)^messaging_relay_channels_events_total\{[^}]*event=""access_denied""[^}]*\} 1$", text);
        Assert.Matches(@"(?m)^messaging_relay_store_faulty(_ratio)?(\{[^}]*\})? 0$", text);
        Assert.Matches(@"(?m)^messaging_relay_events_total\{[^}]*event=""connections_refused""[^}]*\} 0$", text);
        Assert.Matches("(?m)^kestrel_", text);
        Assert.Matches("(?m)^dotnet_", text);
        foreach (var path in (string[])["/", "/health/live", "/channels/v1"])
        {
            using var other = await relay.GetMetricsAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        }

        using var elsewhere = await relay.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
    }

    private async Task AppendUntilItEndsAsync(RelayProcess relay, ConcurrentDictionary<ulong, ulong> acknowledged, Func<ulong> draw)
    {
        var body = new byte[300];
        while (true)
        {
            var number = draw();
            BinaryPrimitives.WriteUInt64BigEndian(body, number);
            try
            {
                var (status, record, problem) = await relay.AppendAsync(_channel, _secret, body);
                Assert.True(record is not null, $"{status}: {problem}");
                Assert.True(acknowledged.TryAdd(record.Offset, number), $"Two records were acknowledged with the offset {record.Offset}.");
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                // It was killed.
                return;
            }
        }
    }
}
