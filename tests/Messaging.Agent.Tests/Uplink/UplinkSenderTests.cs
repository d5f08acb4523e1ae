using System.Collections.Concurrent;
using System.Security.Cryptography;
using Messaging.Agent.Configuration;
using Messaging.Agent.Hosting;
using Messaging.Agent.Spool;
using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Tests.Hosting;
using Messaging.Agent.Tests.Support;
using Messaging.Agent.Transport;
using Messaging.Agent.Uplink;
using Messaging.Streams;
using Messaging.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Uplink;

public sealed class UplinkSenderTests : IDisposable
{
    private const int RecordBytes = 1000;
    private static readonly StateFleet Fleet = new();
    private readonly FakeTimeProvider _time = new();
    private readonly AgentState _state;
    private readonly UplinkWriter _writer;
    private readonly CancellationTokenSource _stop = new();

    public UplinkSenderTests()
    {
        var disk = new CrashDisk("state");
        var world = new StateWorld(disk, Fleet);
        world.Enrol();
        _state = world.Open(disk)!;
        _writer = world.Writer(_state);
        Assert.True(_writer.TryOpen());
    }

    public void Dispose()
    {
        _stop.Dispose();
        _writer.Dispose();
        _state.Dispose();
    }

    [Fact]
    public async Task RunAsync_WithALongHistory_SendsWhatIsNewAtOnceAndTheRestAtItsRate()
    {
        Fill(600);
        var old = _state.Spool.NewestEpoch!.Id;
        var connection = new Recorded();
        var sending = Sender(historyRate: 20 * RecordBytes).RunAsync(connection, _stop.Token);
        await Eventually.True(() => connection.Records(old) > 0, "history goes");

        Fill(1);
        var live = _state.Spool.NewestEpoch!.Id;
        Assert.NotEqual(old, live);
        await Eventually.True(() => connection.Records(live) == 1, "what is new has gone");
        Assert.InRange(connection.Records(old), 15, 25);

        // The clock stands until it is moved: the rate lets through a second's worth for each second, and no more.
        for (var second = 2; second < 6; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            var expected = (second * 20) - 10;
            await Eventually.True(() => connection.Records(old) >= expected, $"{expected} records of history have gone");
        }

        Assert.InRange(connection.Records(old), 90, 110);
        await EndAsync(sending);
    }

    [Fact]
    public async Task RunAsync_WithFewRecords_SendsAllOfThemAtOnceInTheirEpoch()
    {
        Fill(400);
        var epoch = _state.Spool.NewestEpoch!.Id;
        var connection = new Recorded();
        var sending = Sender(historyRate: 1).RunAsync(connection, _stop.Token);

        await Eventually.True(() => connection.Records(epoch) == 400, "everything has gone");

        Assert.Equal(epoch, _state.Spool.NewestEpoch!.Id);
        await EndAsync(sending);
    }

    [Fact]
    public async Task RunAsync_AfterAnotherConnection_KeepsTheEpochOfWhatIsNew()
    {
        Fill(600);
        await EndAsync(Sender(historyRate: 1).RunAsync(new Recorded(), _stop.Token));
        var live = _state.Spool.NewestEpoch!.Id;

        var connection = new Recorded();
        using var stop = new CancellationTokenSource();
        var sending = Sender(historyRate: 0).RunAsync(connection, stop.Token);
        Fill(1);
        await Eventually.True(() => connection.Records(live) == 1, "what is new has gone");

        Assert.Equal(live, _state.Spool.NewestEpoch!.Id);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Theory]
    [InlineData(1000, 500, 0)]
    [InlineData(1000, 1000, 0.001)]
    [InlineData(1000, 3000, 2)]
    [InlineData(0, 1_000_000, 0)]
    public void TokenBucket_AfterTaking_WaitsForWhatIsOwed(long rate, int bytes, double seconds)
    {
        var bucket = new TokenBucket(rate, _time);
        bucket.Take(bytes);

        Assert.Equal(seconds, bucket.Wait.TotalSeconds, 3);
        _time.Advance(bucket.Wait + TimeSpan.FromMilliseconds(1));
        Assert.Equal(TimeSpan.Zero, bucket.Wait);
    }

    private async Task EndAsync(Task sending)
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    private void Fill(int records)
    {
        for (var i = 0; i < records; i++)
        {
            Assert.True(_writer.TryAppend(
                StreamId.Metrics, RecordType.Metrics, RandomNumberGenerator.GetBytes(RecordBytes - 60), [], durable: i == records - 1, out _));
        }
    }

    private UplinkSender Sender(long historyRate) => new(
        _state.Spool,
        _writer,
        new EpochFrames(_state.Keys),
        new GapReporter(_writer, _state.Spool),
        new VolatileOutbox(_writer),
        new AgentOptions { Uplink = new UplinkOptions { HistoryRate = historyRate } },
        _time,
        NullLogger<UplinkSender>.Instance);

    private sealed class Recorded : IRelayConnection
    {
        private readonly ConcurrentQueue<Kid> _records = new();

        public CancellationToken Ended => CancellationToken.None;

        public string? EndReason => null;

        public bool WasOrderly => false;

        public int Records(EpochId epoch) => _records.Count(kid => kid == epoch.Kid);

        public Task<PublishOutcome> PublishAsync(ReadOnlyMemory<byte> frame, CancellationToken ct)
        {
            Assert.True(Frame.TryRead(frame.Span, out var read));
            if (read.Kind == FrameKind.Record)
            {
                _records.Enqueue(read.Kid);
            }

            return Task.FromResult(PublishOutcome.Passed);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
