using Messaging.Agent.Collect;
using Messaging.Agent.Collect.Scheduling;
using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Agent.Enrolment;
using Messaging.Agent.Identity;
using Messaging.Outage.Tests.Harness;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.Outage.Tests;

/// <summary>
/// Seven days without a connection, lived through in seconds: measurements every 30 s, a log line every minute, an event every few hours, a restart
/// in order, a kill and a reboot. Then a server that is the real one takes what is there.
/// </summary>
public sealed class WeekOfflineTests : IDisposable
{
    private const int Days = 7;
    private const int Series = 4;
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly MetricDefinition[] Metrics = [.. Enumerable.Range(0, Series).Select(i => new MetricDefinition($"week.value{i}", "1", InstrumentKind.Gauge))];
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"week-{Guid.CreateVersion7():N}")).FullName;
    private readonly LapseTime _time = new(DateTimeOffset.FromUnixTimeMilliseconds(Agent.Clock.BuildTime.UnixMs).AddDays(1));
    private readonly List<(EpochId Epoch, ulong Seq, double Value)> _samples = [];
    private readonly List<(EpochId Epoch, ulong Seq, string Line)> _lines = [];
    private double _value;

    [Theory]
    [InlineData("default", 256 * 1024 * 1024, 4 * 1024 * 1024, false)]
    [InlineData("small", 2 * 1024 * 1024, 512 * 1024, true)]
    public async Task Week_WithoutAConnection_EndsWithEverySampleOrItsExactGap(string name, long maxBytes, long segmentBytes, bool evicts)
    {
        var options = Options(name, maxBytes, segmentBytes);
        var keys = Enroller.OpenKeys(PhysicalDisk.Instance, new StateFolder(options.Device.State));
        using var link = new DirectLink(keys.Keys.DeviceId, _time);
        await using var control = await Control.StartAsync(Path.Combine(_folder, "control"), _time, () => link);
        await control.EnrolAsync(options, keys, "week", link);

        var boot = new LapseBoot(_time);
        await LiveAsync(options, boot, link, TimeSpan.FromDays(1.5), killsAtTheEnd: false);
        await LiveAsync(options, boot, link, TimeSpan.FromDays(1.5), killsAtTheEnd: true);
        boot = new LapseBoot(_time);
        await LiveAsync(options, boot, link, TimeSpan.FromDays(Days - 3), killsAtTheEnd: true);
        await using var last = new AgentLife(options, boot, _time, link);
        Note(last, before: last.Last(StreamId.Metrics).Seq - 1, _value - Series);
        AssertBounded(last, options);
        await last.DrainAsync(Patience);

        Check(control, evicts);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private AgentOptions Options(string name, long maxBytes, long segmentBytes)
    {
        var state = Path.Combine(_folder, name);
        Directory.CreateDirectory(state, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new AgentOptions
        {
            Device = { State = state },
            Transport = { Endpoint = "mqtt://127.0.0.1:1", Metered = "off" },

            // This machine's own clock is not synchronised wherever the test runs.
            Clock = { Believe = ClockOptions.Always },

            // The share of a disk is not what this is about.
            Spool = { MaxBytes = maxBytes, SegmentBytes = segmentBytes, MaxDiskShare = 100, KeepFree = 0 },
        };
    }

    private async Task LiveAsync(AgentOptions options, LapseBoot boot, DirectLink link, TimeSpan life, bool killsAtTheEnd)
    {
        var recovers = _samples.Count > 0 && _samples[^1].Value < _value;
        await using var agent = new AgentLife(options, boot, _time, link);
        if (recovers)
        {
            // What was saved and not sealed when the process before was killed.
            Note(agent, before: agent.Last(StreamId.Metrics).Seq - 1, _value - Series);
        }

        var end = _time.Lapsed + life;
        for (var step = 0; _time.Lapsed < end; step++)
        {
            _time.Lapse(Step);
            agent.Measure(Next());
            var before = agent.Last(StreamId.Metrics);
            agent.Flush();
            Note(agent, agent.Last(StreamId.Metrics).Epoch == before.Epoch ? before.Seq : 0, _value - Series);
            if (step % 2 == 0)
            {
                var line = $"line {_lines.Count:D6}";
                await agent.LogAsync(line);
                var (epoch, seq) = agent.Last(StreamId.Logs);
                _lines.Add((epoch, seq, line));
            }

            if (step % 500 == 0)
            {
                agent.Report("week.event");
            }

            agent.Keep();
            Assert.True(agent.Spool.Counts().Bytes <= options.Spool.MaxBytes, $"The spool holds {agent.Spool.Counts().Bytes} bytes.");
            if (step % 200 == 0)
            {
                AssertBounded(agent, options);
            }
        }

        if (killsAtTheEnd)
        {
            agent.Measure(Next());
            agent.SaveSamples();
        }
    }

    private Sample[] Next() => [.. Metrics.Select(metric => new Sample(metric, AttributeSet.None, ++_value))];

    /// <summary>The values after <paramref name="from"/> are in the record that was sealed now.</summary>
    private void Note(AgentLife agent, ulong before, double from)
    {
        var (epoch, seq) = agent.Last(StreamId.Metrics);
        Assert.Equal(before + 1, seq);
        for (var value = from + 1; value <= _value; value++)
        {
            _samples.Add((epoch, seq, value));
        }
    }

    private static void AssertBounded(AgentLife agent, AgentOptions options)
    {
        var files = new DirectoryInfo(Path.Combine(options.Device.State, "spool")).EnumerateFiles("*.seg").Sum(file => file.Length);
        Assert.True(files <= options.Spool.MaxBytes, $"The files of the spool have {files} bytes.");
        Assert.True(agent.Spool.Counts().Bytes <= files + options.Spool.SegmentBytes);
    }

    private void Check(Control control, bool evicts)
    {
        var stored = control.Query("SELECT p.v FROM points p JOIN series s ON s.id = p.series WHERE s.name LIKE 'week.%'", row => row.GetDouble(0)).ToHashSet();
        var bodies = control.Query("SELECT body FROM logs", row => row.GetString(0));
        var gaps = control.Query(
            "SELECT epoch_id, stream, from_seq, to_seq, reason FROM gaps",
            row => (Epoch: Convert.ToHexStringLower((byte[])row.GetValue(0)), Stream: (uint)row.GetInt64(1), From: (ulong)row.GetInt64(2), To: (ulong)row.GetInt64(3), Reason: row.GetString(4)));
        bool IsGap(EpochId epoch, uint stream, ulong seq) =>
            gaps.Any(gap => gap.Epoch == epoch.ToString() && gap.Stream == stream && seq >= gap.From && seq <= gap.To);

        // Everything is in one of the two places, and nothing in both.
        var lost = _samples.Where(sample => !stored.Contains(sample.Value)).Select(sample => (sample.Epoch, sample.Seq)).Distinct().ToList();
        Assert.All(lost, record => Assert.True(IsGap(record.Epoch, StreamId.Metrics, record.Seq), $"metrics {record} are neither stored nor a gap"));
        var kept = _samples.Where(sample => stored.Contains(sample.Value)).Select(sample => (sample.Epoch, sample.Seq)).Distinct();
        Assert.DoesNotContain(kept, record => IsGap(record.Epoch, StreamId.Metrics, record.Seq));
        Assert.Equal(bodies.Count, bodies.Distinct(StringComparer.Ordinal).Count());
        var known = bodies.ToHashSet(StringComparer.Ordinal);
        Assert.All(_lines, line => Assert.True(known.Contains(line.Line) != IsGap(line.Epoch, StreamId.Logs, line.Seq), line.Line));

        Assert.Equal(Days * 24 * 120, _samples.Count / Series - 2);
        Assert.Equal(evicts, lost.Count > 0);
        Assert.All(gaps, gap => Assert.Equal("quota", gap.Reason));
        Assert.NotEmpty(stored);
    }
}
