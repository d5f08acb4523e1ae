using Messaging.Agent.Collect;
using Messaging.Agent.Collect.Scheduling;
using Messaging.Agent.Spool;
using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Tests.Spool;
using Messaging.Agent.Uplink;
using Messaging.Streams;
using Messaging.Telemetry;
using Messaging.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Uplink;

public sealed class SeriesNumbersTests : IDisposable
{
    private static readonly MetricDefinition Load = new("load", "1", InstrumentKind.Gauge) { Decimals = 2 };
    private static readonly MetricDefinition Io = new("io", "By", InstrumentKind.Counter);
    private readonly SpoolStore _spool = SpoolStore.Open(new FaultDisk(), SpoolScript.Folder, new SpoolLimits(), new FakeTimeProvider());
    private readonly SeriesNumbers _numbers;
    private readonly EpochId _epoch = EpochId.Generate();
    private ulong _seq;

    public SeriesNumbersTests()
    {
        _numbers = new SeriesNumbers(_spool);
        Assert.True(_spool.AppendEpoch(_epoch, 1, "open"u8));
    }

    public void Dispose() => _spool.Dispose();

    [Fact]
    public void Compose_UntilARecordIsAcknowledged_DefinesEverySeriesInEachBatch()
    {
        var first = Send(One(Load), One(Io, "a"));
        var second = Send(One(Load), One(Io, "a"), One(Io, "b"));

        Assert.Equal([0U, 1U], Defined(first));
        Assert.Equal([0U, 1U, 2U], Defined(second));
        Assert.True(_spool.Ack(_epoch, StreamId.Metrics, 1));
        Assert.Equal([2U], Defined(Send(One(Load), One(Io, "a"), One(Io, "b"))));
        Assert.True(_spool.Ack(_epoch, StreamId.Metrics, 2));
        Assert.Empty(Defined(Send(One(Load), One(Io, "a"), One(Io, "b"))));
    }

    [Fact]
    public void Compose_ABatchThatIsNotStored_CountsForNothing()
    {
        Compose(One(Load));

        Assert.Equal([0U], Defined(Send(One(Load))));
        Assert.True(_spool.Ack(_epoch, StreamId.Metrics, 1));
        Assert.Empty(Defined(Send(One(Load))));
    }

    [Fact]
    public void Compose_InAnotherEpoch_BeginsAnew()
    {
        Send(One(Load));
        Assert.True(_spool.Ack(_epoch, StreamId.Metrics, 1));
        var next = EpochId.Generate();
        Assert.True(_spool.AppendEpoch(next, 2, "open"u8));

        Assert.Equal([0U], Defined(_numbers.Compose(next, null, 1, [One(Io, "x")])));
    }

    [Fact]
    public void Compose_WhenTheServerFellBack_DefinesAgain()
    {
        Send(One(Load));
        Send(One(Load));
        Assert.True(_spool.Ack(_epoch, StreamId.Metrics, 2));
        Assert.True(_spool.FallBack(_epoch, StreamId.Metrics, 0));

        Assert.Equal([0U], Defined(Send(One(Load))));
    }

    [Fact]
    public void Compose_SeriesThatDifferInValuesOfAttributes_AreWrittenLikeTheFirst()
    {
        var batch = Send(One(Io, "a"), One(Io, "b"), One(Load));

        Assert.Equal([null, 0U, null], batch.Definitions.Select(entry => entry.Like));
        Assert.True(_spool.Ack(_epoch, StreamId.Metrics, 1));

        // The model is known, though it is not in the batch.
        Assert.Equal([0U], Send(One(Io, "c")).Definitions.Select(entry => entry.Like!.Value));
    }

    [Fact]
    public void Compose_WhenTheModelIsNotKnown_WritesInFull()
    {
        Send(One(Io, "a"));

        Assert.Null(Assert.Single(Send(One(Io, "b")).Definitions).Like);
        Assert.Equal([null, 1U], Send(One(Io, "b"), One(Io, "c")).Definitions.Select(entry => entry.Like));
    }

    [Fact]
    public void Compose_ADefinitionThatIsTooLargeToKeep_IsOfItsBatchAlone()
    {
        var large = One(Io, new string('x', SeriesBatch.MaxKeptBytes));
        Send(large);
        Assert.True(_spool.Ack(_epoch, StreamId.Metrics, 1));

        Assert.Equal([SeriesBatch.MaxKept], Defined(Send(large)));
    }

    [Fact]
    public void Compose_MoreSeriesThanAnEpochKeeps_DefinesTheOthersEachTime()
    {
        for (var i = 0; i < SeriesBatch.MaxKept; i += 8192)
        {
            Send([.. Enumerable.Range(i, 8192).Select(series => One(Io, $"{series}"))]);
            _spool.Ack(_epoch, StreamId.Metrics, _seq);
        }

        Assert.Equal([SeriesBatch.MaxKept, SeriesBatch.MaxKept + 1], Defined(Send(One(Io, "new"), One(Io, "newer"), One(Io, "1"))));
    }

    [Fact]
    public void Answer_TellsWhatIsKnownAndThatTheRestIsLost()
    {
        Send(One(Load), One(Io, "a"));

        var answers = _numbers.Answer(new SeriesRequest(_epoch, [1, 7]));

        Assert.All(answers, answer => Assert.Equal(_epoch, answer.EpochId));
        var (id, definition) = Assert.Single(answers.SelectMany(answer => answer.Known));
        Assert.Equal((1U, "io"), (id, definition.Name));
        Assert.Equal([7U], answers.SelectMany(answer => answer.Lost));
    }

    [Fact]
    public void Answer_ForAnEpochOfAnotherProcess_TellsThatAllIsLost()
    {
        var answer = Assert.Single(_numbers.Answer(new SeriesRequest(EpochId.Generate(), [0, 1])));

        Assert.Empty(answer.Known);
        Assert.Equal([0U, 1U], answer.Lost);
    }

    [Fact]
    public void Answer_ForAFormerEpochWithRecordsThatWait_StillKnows()
    {
        Send(One(Load));
        var next = EpochId.Generate();
        Assert.True(_spool.AppendEpoch(next, 2, "open"u8));
        _numbers.Compose(next, null, 1, [One(Load)]);

        Assert.Single(Assert.Single(_numbers.Answer(new SeriesRequest(_epoch, [0]))).Known);
    }

    [Fact]
    public void Answer_ForASeriesThatWasAwayForLong_IsLostOnceItsRecordsAreConfirmed()
    {
        Send(One(Io, "a"), One(Io, "gone"));
        for (var i = 0; i < 130; i++)
        {
            Send(One(Io, "a"));
        }

        Assert.Empty(Assert.Single(_numbers.Answer(new SeriesRequest(_epoch, [1]))).Lost);
        Assert.True(_spool.Ack(_epoch, StreamId.Metrics, _seq));
        for (var i = 0; i < 60; i++)
        {
            Send(One(Io, "a"));
        }

        Assert.Equal([1U], Assert.Single(_numbers.Answer(new SeriesRequest(_epoch, [1]))).Lost);
        Assert.Equal([2U], Defined(Send(One(Io, "gone"))));
    }

    private static uint[] Defined(SeriesBatch batch) => [.. batch.Definitions.Select(entry => entry.Id)];

    private static MeasuredSeries One(MetricDefinition metric, string? device = null) => new(
        new SeriesKey(metric, device is null ? AttributeSet.None : AttributeSet.Of("device", device)), [new MetricPoint(1, 5)]);

    private SeriesBatch Compose(params MeasuredSeries[] series) => _numbers.Compose(_epoch, null, 1, series);

    private SeriesBatch Send(params MeasuredSeries[] series)
    {
        var batch = Compose(series);
        var record = new SpoolRecord(new StreamKey(_epoch, StreamId.Metrics), ++_seq);
        Assert.True(_spool.AppendRecord(record, "frame"u8, [], durable: true));
        _numbers.Sent(record);
        return batch;
    }
}
