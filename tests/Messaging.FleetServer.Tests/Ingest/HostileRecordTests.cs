using System.Buffers;
using System.IO.Compression;
using Messaging.Crypto;
using Messaging.Epochs;
using Messaging.FleetServer.Ingest;
using Messaging.FleetServer.Tests.Harness;
using Messaging.Streams;
using Messaging.Telemetry;

namespace Messaging.FleetServer.Tests.Ingest;

/// <summary>Whatever the relay or a device does to records: nothing changes, it is counted, and honest records go on.</summary>
public sealed class HostileRecordTests
{
    private const long Start = 1_700_000_000_000;

    [Fact]
    public async Task Record_WithAFlippedBit_IsCountedAsTampered()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var frame = device.Seal(StreamId.Metrics, RecordType.Metrics, device.Metric(Start, 1));
        var forged = (byte[])frame.Clone();
        forged[^1] ^= 1;

        await device.PublishAsync(forged);
        await RejectedAsync(fleet, device, RejectionReason.Tampered);

        await GoesOnAsync(fleet, device, frame);
    }

    [Fact]
    public async Task Record_CutShort_IsCountedAsTruncated()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var frame = device.Seal(StreamId.Metrics, RecordType.Metrics, device.Metric(Start, 1));

        await device.PublishAsync(frame[..^5]);
        await RejectedAsync(fleet, device, RejectionReason.Truncated);

        await GoesOnAsync(fleet, device, frame);
    }

    [Fact]
    public async Task Record_SentTwice_IsStoredOnceAndCountedAsReplayed()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var frame = device.Seal(StreamId.Metrics, RecordType.Metrics, device.Metric(Start, 1));
        await device.PublishAsync(frame);

        await device.PublishAsync(frame);
        await RejectedAsync(fleet, device, RejectionReason.Replayed);

        await GoesOnAsync(fleet, device, frame);
    }

    [Fact]
    public async Task Record_OfAnotherDevice_IsCountedAsReAddressed()
    {
        await using var fleet = await Fleet.StartAsync();
        var victim = await fleet.EnrolAsync();
        var thief = await fleet.EnrolAsync();
        var frame = victim.Seal(StreamId.Metrics, RecordType.Metrics, victim.Metric(Start, 1));

        await thief.PublishAsync(frame);
        await RejectedAsync(fleet, thief, RejectionReason.ReAddressed);

        Assert.Equal(0, fleet.Rejections(victim, RejectionReason.ReAddressed));
        await GoesOnAsync(fleet, victim, frame);
    }

    [Fact]
    public async Task Record_OfAnEpochThatNobodyOpened_IsCountedAndItsOpeningAskedFor()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        device.OpenEpoch();
        var frame = device.Seal(StreamId.Metrics, RecordType.Metrics, device.Metric(Start, 1));

        await device.PublishAsync(frame);
        await RejectedAsync(fleet, device, RejectionReason.UnknownEpoch);
        await Until.True(() => device.Requested.Contains(device.Epoch.Id.Kid), "the opening is asked for");

        await device.SendOpeningAsync();
        await GoesOnAsync(fleet, device, frame);
    }

    [Fact]
    public async Task Opening_WithANumberInUse_IsCountedAsStale()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var frame = device.Seal(StreamId.Metrics, RecordType.Metrics, device.Metric(Start, 1));
        var parameters = new EpochParameters(device.Epoch.EpochNo, device.Boot, 1, null, 1);
        using var other = EpochSender.Open(device.Identity, device.Id, parameters, [ServerKey(device)]);

        await device.PublishAsync(other.OpenFrame.ToArray());
        await RejectedAsync(fleet, device, RejectionReason.StaleEpoch);

        await GoesOnAsync(fleet, device, frame);
    }

    [Fact]
    public async Task Opening_SignedByAnotherKey_IsCountedAsTampered()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var frame = device.Seal(StreamId.Metrics, RecordType.Metrics, device.Metric(Start, 1));
        using var stranger = IdentityKey.Generate();
        using var forged = EpochSender.Open(stranger, device.Id, new EpochParameters(99, device.Boot, 1, null, 1), [ServerKey(device)]);

        await device.PublishAsync(forged.OpenFrame.ToArray());
        await RejectedAsync(fleet, device, RejectionReason.Tampered);

        await GoesOnAsync(fleet, device, frame);
    }

    [Fact]
    public async Task Opening_SealedToSomebodyElse_IsCountedAsNotForThisServer()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var frame = device.Seal(StreamId.Metrics, RecordType.Metrics, device.Metric(Start, 1));
        using var stranger = HpkeKeyPair.Generate();
        using var other = EpochSender.Open(device.Identity, device.Id, new EpochParameters(99, device.Boot, 1, null, 1), [stranger.Public]);

        await device.PublishAsync(other.OpenFrame.ToArray());
        await RejectedAsync(fleet, device, RejectionReason.NotForThisServer);

        await GoesOnAsync(fleet, device, frame);
    }

    [Theory]
    [InlineData(RecordType.Metrics, RejectionReason.Undecodable)]
    [InlineData(RecordType.CommandReport, RejectionReason.Undecodable)]
    [InlineData(RecordType.KeyUpdate, RejectionReason.Undecodable)]
    [InlineData(4711u, RejectionReason.UnknownType)]
    public async Task Record_ThatIsAuthenticAndNotUnderstood_IsAGapWithAReasonAndAcknowledged(uint type, string reason)
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();

        await device.SendAsync(StreamId.Metrics, type, "not what it says"u8);

        await device.AcknowledgedAsync("it is acknowledged");
        Assert.Equal([reason], fleet.Query("SELECT reason FROM gaps WHERE from_seq = 1 AND to_seq = 1"));
        await RejectedAsync(fleet, device, reason);
    }

    [Fact]
    public async Task Batch_ThatGrowsBeyondTheLimit_IsCountedAsABomb()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();

        await device.SendAsync(StreamId.Metrics, RecordType.Metrics, Bomb());

        await device.AcknowledgedAsync("it is acknowledged");
        await RejectedAsync(fleet, device, RejectionReason.DecompressionBomb);
        Assert.Empty(fleet.Query("SELECT t FROM points"));
    }

    [Fact]
    public async Task Record_OfARevokedDevice_IsNotStored()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        await device.SendAsync(StreamId.Metrics, RecordType.Metrics, device.Metric(Start, 1));
        await device.AcknowledgedAsync("the first is acknowledged");
        var queue = fleet.Control.Get<IngestQueue>();
        await fleet.Control.Devices.RevokeAsync(device.Name, "stolen", TestContext.Current.CancellationToken);

        // As a relay would that does not care who is revoked.
        var frame = device.Seal(StreamId.Metrics, RecordType.Metrics, device.Metric(Start + 1, 2));
        queue.Receive(new(device.Id, frame, TimeProvider.System.GetUtcNow(), () => Task.CompletedTask));

        await RejectedAsync(fleet, device, RejectionReason.Revoked);
        Assert.Single(fleet.Query("SELECT t FROM points"));
    }

    [Fact]
    public async Task Flood_OfOneDevice_IsDroppedAndOthersGoOn()
    {
        await using var fleet = await Fleet.StartAsync(settings => settings with
        {
            Ingest = settings.Ingest with { MaxQueuedPerDevice = 4, FailureDelay = TimeSpan.FromMilliseconds(1) },
        });
        var loud = await fleet.EnrolAsync();
        var quiet = await fleet.EnrolAsync();
        var queue = fleet.Control.Get<IngestQueue>();
        var acknowledged = 0;
        for (var i = 0; i < 2000; i++)
        {
            queue.Receive(new(loud.Id, [0], TimeProvider.System.GetUtcNow(), () =>
            {
                Interlocked.Increment(ref acknowledged);
                return Task.CompletedTask;
            }));
        }

        var frame = quiet.Seal(StreamId.Metrics, RecordType.Metrics, quiet.Metric(Start, 1));
        await GoesOnAsync(fleet, quiet, frame);
        await Until.True(() => Volatile.Read(ref acknowledged) == 2000, "the relay is not kept waiting");
        await RejectedAsync(fleet, loud, RejectionReason.Flood);
        Assert.True(fleet.Control.Ingest.Dropped > 0);
    }

    [Fact]
    public async Task Gap_ToldByTheDevice_LetsTheRestBeAcknowledged()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        for (var i = 0; i < 3; i++)
        {
            device.Seal(StreamId.Metrics, RecordType.Metrics, device.Metric(Start + i, i));
        }

        var gap = new Gap(device.Epoch.Id, StreamId.Metrics, 1, 3, "quota");
        await device.SendAsync(StreamId.Metrics, RecordType.Metrics, device.Metric(Start + 3, 3));
        await device.SendAsync(StreamId.Events, RecordType.Gap, gap.Encode());

        await device.AcknowledgedAsync("everything is acknowledged or given up");
        Assert.Equal(["quota"], fleet.Query("SELECT reason FROM gaps WHERE from_seq = 1 AND to_seq = 3"));
        Assert.Equal([$"{Start + 3}"], fleet.Query("SELECT t FROM points"));
    }

    [Fact]
    public async Task Refusals_OfTheDevice_AreStoredBeforeTheyAreAcknowledged()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var output = new ArrayBufferWriter<byte>();
        new EventBatch(null, [new DeviceEvent(null, "security.rejected", 13, [new("reason", "tampered"), new("count", "3")])]).Encode(output);

        await device.SendAsync(StreamId.Events, RecordType.Event, output.WrittenSpan);

        await device.AcknowledgedAsync("the device may forget them");
        Assert.Equal(3, fleet.Rejections(device, "tampered", "device"));
    }

    [Fact]
    public async Task Points_WithoutAClock_GetTheTimeAtWhichTheirBootSaidItsUptime()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var batch = new MetricBatch(
            device.Boot, null, 60_000, [new MetricSeries("m", "1", MetricKind.Gauge, [], [new MetricPoint(50_000, 1), new MetricPoint(60_000, 2)])]);

        await device.SendAsync(StreamId.Metrics, RecordType.Metrics, TestDevice.Encode(batch));

        await device.AcknowledgedAsync("it is acknowledged");
        await device.AskTimeAsync();
        await Until.True(() => fleet.Count("SELECT count(*) FROM points") == 2, "they have a time");
        var times = fleet.Query("SELECT t FROM points ORDER BY t").ConvertAll(long.Parse);
        Assert.Equal(10_000, times[1] - times[0]);
        Assert.InRange(times[1], before, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
    }

    private static HpkePublicKey ServerKey(TestDevice device) =>
        device.Trust!.ServerHpke;

    private static Task RejectedAsync(Fleet fleet, TestDevice device, string reason) =>
        Until.True(() => fleet.Rejections(device, reason) > 0, $"{reason} is counted");

    private static async Task GoesOnAsync(Fleet fleet, TestDevice device, byte[] frame)
    {
        await device.PublishAsync(frame);
        await device.AcknowledgedAsync("the honest record is acknowledged");
        Assert.Equal([$"{Start}"], fleet.Query("SELECT t FROM points"));
    }

    private static byte[] Bomb()
    {
        using var compressed = new MemoryStream();
        compressed.WriteByte(2);
        using (var stream = new DeflateStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            stream.Write(new byte[8 * 1024 * 1024]);
        }

        return compressed.ToArray();
    }
}
