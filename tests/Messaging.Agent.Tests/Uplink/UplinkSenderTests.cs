using System.Collections.Concurrent;
using System.Security.Cryptography;
using Messaging.Agent.Clock;
using Messaging.Agent.Configuration;
using Messaging.Agent.Hosting;
using Messaging.Agent.Spool;
using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Tests.Hosting;
using Messaging.Agent.Tests.Support;
using Messaging.Agent.Transport;
using Messaging.Agent.Transport.Metering;
using Messaging.Agent.Uplink;
using Messaging.Agent.Uplink.Flow;
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
    private readonly FixedBootClock _boot = new();
    private readonly RecordedEvents _events = new();
    private readonly ControlPause _pause;
    private ulong _said;

    public UplinkSenderTests()
    {
        _pause = new ControlPause(_boot, _events);
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

    [Fact]
    public async Task RunAsync_WhilePaused_SendsEventsAloneAndTheRestAfterwards()
    {
        Pause(TimeSpan.FromMinutes(1));
        Fill(20);
        var connection = new Recorded();
        var sender = Sender(historyRate: 0);
        var sending = sender.RunAsync(connection, _stop.Token);
        Event();
        await Eventually.True(() => connection.Sent.Count == 1, "the event has gone");
        Fill(5);
        Event();
        await Eventually.True(() => connection.Sent.Count == 2, "the next event has gone");
        Assert.All(connection.Sent, sent => Assert.Equal(StreamId.Events, sent.Stream));

        // The server has them. The pause ends by itself: nobody tells.
        _state.Spool.Ack(_state.Spool.NewestEpoch!.Id, StreamId.Events, 2);
        sender.Acked();
        _boot.UptimeMs += 60_000;
        _time.Advance(TimeSpan.FromMinutes(1));

        await Eventually.True(() => connection.Sent.Count == 27, "what was held back has gone");
        Assert.Equal(27, connection.Sent.Distinct().Count());
        await EndAsync(sending);
    }

    [Fact]
    public async Task RunAsync_AfterALongPause_SendsWhatIsNewBeforeWhatWasHeld()
    {
        Fill(1);
        var connection = new Recorded();
        var sending = Sender(historyRate: RecordBytes).RunAsync(connection, _stop.Token);
        await Eventually.True(() => connection.Sent.Count == 1, "it sends");
        Pause(TimeSpan.FromHours(1));
        Fill(600);
        var held = _state.Spool.NewestEpoch!.Id;

        Pause(TimeSpan.Zero);
        await Eventually.True(() => _state.Spool.NewestEpoch!.Id != held, "there is an epoch for what is new");
        Fill(1);
        await Eventually.True(() => connection.Records(_state.Spool.NewestEpoch!.Id) == 1, "what is new has gone");

        Assert.InRange(connection.Records(held), 1, 10);
        await EndAsync(sending);
    }

    [Fact]
    public async Task RunAsync_PauseAgainAndAgain_SendsNoEventTwice()
    {
        var connection = new Recorded();
        var sending = Sender(historyRate: 0).RunAsync(connection, _stop.Token);
        for (var i = 1; i <= 5; i++)
        {
            Pause(TimeSpan.FromMinutes(1));
            Fill(3);
            Event();
            var events = i;
            await Eventually.True(() => connection.Sent.Count(sent => sent.Stream == StreamId.Events) == events, "the event has gone");
            Pause(TimeSpan.Zero);
            await Eventually.True(() => connection.Sent.Count == events * 4, "and what was held");
        }

        Assert.Equal(20, connection.Sent.Distinct().Count());
        await EndAsync(sending);
    }

    [Fact]
    public async Task RunAsync_ConfirmedWhileItSends_IsPatientNoLongerThanAtFirst()
    {
        // Four times nobody answers: the patience grows to minutes.
        Fill(100);
        var sender = Sender(historyRate: 0);
        var connection = new Recorded();
        var sending = sender.RunAsync(connection, _stop.Token);
        for (var pass = 1; pass <= 5; pass++)
        {
            var expected = pass * 100;
            await Eventually.True(() => connection.Sent.Count == expected, $"pass {pass}");
            if (pass == 5)
            {
                break;
            }

            // Then the server is there, and confirms half of it while the rest is on its way.
            connection.OnRecord = pass == 4 ? ConfirmHalfOnce(sender) : null;
            await AdvanceUntil(() => connection.Sent.Count > expected);
        }

        // What it did not confirm was lost with the server before: it goes again after seconds, not minutes.
        _time.Advance(TimeSpan.FromSeconds(13));
        await Eventually.True(() => connection.Sent.Count >= 550, "the other half goes again");
        await EndAsync(sending);
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

    private Action<int> ConfirmHalfOnce(UplinkSender sender) => count =>
    {
        if (count == 460)
        {
            Assert.True(_state.Spool.Ack(_state.Spool.NewestEpoch!.Id, StreamId.Metrics, 50));
            sender.Acked();
        }
    };

    private async Task AdvanceUntil(Func<bool> done)
    {
        for (var i = 0; i < 200 && !done(); i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    private void Event() => Assert.True(_writer.TryAppend(StreamId.Events, RecordType.Event, RandomNumberGenerator.GetBytes(50), [], durable: true, out _));

    private void Fill(int records)
    {
        for (var i = 0; i < records; i++)
        {
            Assert.True(_writer.TryAppend(
                StreamId.Metrics, RecordType.Metrics, RandomNumberGenerator.GetBytes(RecordBytes - 60), [], durable: i == records - 1, out _));
        }
    }

    private UplinkSender Sender(long historyRate)
    {
        var options = new AgentOptions { Uplink = new UplinkOptions { HistoryRate = historyRate } };
        var meter = new DataMeter(_state.Disk, "state/data", options.Uplink, new WallClock(_time, _boot, _state.Clock, new FakeDiscipline(), options), _events, _time, NullLogger<DataMeter>.Instance);
        var flow = new UplinkFlow(_pause, meter, new LinkCost(options));
        return new UplinkSender(
            _state.Spool,
            new SendOrder(_state.Spool, _writer, flow, options, _time, NullLogger<SendOrder>.Instance),
            flow,
            new EpochFrames(_state.Keys),
            new GapReporter(_writer, _state.Spool),
            new VolatileOutbox(_writer),
            options,
            _time,
            NullLogger<UplinkSender>.Instance);
    }

    private void Pause(TimeSpan time) => _pause.Receive(
        new Pause(_boot.BootId, _boot.UptimeMs + (ulong)time.TotalMilliseconds, PauseCause.Operator), new AckPosition(default, 1, ++_said));

    private sealed class Recorded : IRelayConnection
    {
        private readonly ConcurrentQueue<(Kid Kid, uint Stream, ulong Seq)> _records = new();

        public IReadOnlyCollection<(Kid Kid, uint Stream, ulong Seq)> Sent => _records;

        public Action<int>? OnRecord { get; set; }

        public CancellationToken Ended => CancellationToken.None;

        public string? EndReason => null;

        public bool WasOrderly => false;

        public TimeSpan? RetryAfter => null;

        public int Records(EpochId epoch) => _records.Count(sent => sent.Kid == epoch.Kid);

        public Task<PublishOutcome> PublishAsync(ReadOnlyMemory<byte> frame, CancellationToken ct)
        {
            Assert.True(Frame.TryRead(frame.Span, out var read));
            if (read.Kind == FrameKind.Record)
            {
                _records.Enqueue((read.Kid, read.StreamId, read.Seq));
                OnRecord?.Invoke(_records.Count);
            }

            return Task.FromResult(PublishOutcome.Passed);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
