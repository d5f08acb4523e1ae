using System.Globalization;
using System.Text.Json.Nodes;
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
/// The collectors that are on by default, at their default intervals, read this machine while a long time without a connection passes in a short one.
/// <c>MESSAGING_OUTAGE_DAYS=7</c> in the environment makes it a week (some minutes).
/// </summary>
public sealed class CollectorsOfflineTests(ITestOutputHelper output) : IDisposable
{
    private static readonly double Days = double.Parse(Environment.GetEnvironmentVariable("MESSAGING_OUTAGE_DAYS") ?? "0.25", CultureInfo.InvariantCulture);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"collectors-{Guid.CreateVersion7():N}")).FullName;
    private readonly LapseTime _time = new(DateTimeOffset.FromUnixTimeMilliseconds(Agent.Clock.BuildTime.UnixMs).AddDays(1));
    private readonly List<Taken> _taken = [];
    private readonly Dictionary<string, int> _series = new(StringComparer.Ordinal);

    [Fact]
    public async Task LongTime_AtDefaultSettings_EndsWithEverySampleOfTheCollectorsStored()
    {
        var options = new AgentOptions
        {
            Device = { State = Path.Combine(_folder, "state") },
            Transport = { Endpoint = "mqtt://127.0.0.1:1", Metered = "off" },
            Clock = { Believe = ClockOptions.Always },

            // The spool's own bounds are the defaults; only this machine's disk is not what this is about.
            Spool = { MaxDiskShare = 100, KeepFree = 0 },
        };
        Directory.CreateDirectory(options.Device.State, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var keys = Enroller.OpenKeys(PhysicalDisk.Instance, new StateFolder(options.Device.State));
        using var link = new DirectLink(keys.Keys.DeviceId, _time);
        await using var control = await Control.StartAsync(Path.Combine(_folder, "control"), _time, () => link);
        await control.EnrolAsync(options, keys, "collectors", link);
        var boot = new LapseBoot(_time);

        await using (var first = new AgentLife(options, boot, _time, link))
        {
            await LiveAsync(first, options, TimeSpan.FromDays(Days / 2));
        }

        await using var second = new AgentLife(options, boot, _time, link);
        await LiveAsync(second, options, TimeSpan.FromDays(Days / 2));
        var held = second.Spool.Counts();
        await second.DrainAsync(Patience);

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{_taken.Count} samples of {_series.Count} series in {Days} days; the spool held {held.Bytes} bytes, {(double)held.Bytes / _taken.Count:0.00} a sample"));
        Check(control);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task LiveAsync(AgentLife agent, AgentOptions options, TimeSpan life)
    {
        var end = _time.Lapsed + life;
        var (flushed, unsealed) = (_time.Lapsed, _taken.Count);
        while (_time.Lapsed < end)
        {
            _time.Lapse(Step);
            await agent.CollectAsync(_time.Lapsed, samples =>
            {
                foreach (var sample in samples)
                {
                    _taken.Add(new Taken(IndexOf(sample), sample.Value, default, 0));
                }
            });
            if (_time.Lapsed - flushed < options.Uplink.MetricsFlush)
            {
                continue;
            }

            flushed = _time.Lapsed;
            agent.Flush();
            agent.Keep();
            var (epoch, seq) = agent.Last(StreamId.Metrics);
            for (; unsealed < _taken.Count; unsealed++)
            {
                _taken[unsealed] = _taken[unsealed] with { Epoch = epoch, Seq = seq };
            }

            Assert.True(agent.Spool.Counts().Bytes <= options.Spool.MaxBytes, $"The spool holds {agent.Spool.Counts().Bytes} bytes.");
        }

        Assert.Equal(_taken.Count, unsealed);
    }

    private int IndexOf(in Sample sample)
    {
        var key = Key(sample.Metric.Name, sample.Attributes.Items);
        if (!_series.TryGetValue(key, out var index))
        {
            _series[key] = index = _series.Count;
        }

        return index;
    }

    /// <summary>Series by series, the same values as often, but for those of records that are a gap.</summary>
    private void Check(Control control)
    {
        var gaps = control.Query(
            "SELECT epoch_id, from_seq, to_seq FROM gaps WHERE stream = " + StreamId.Metrics.ToString(CultureInfo.InvariantCulture),
            row => (Epoch: Convert.ToHexStringLower((byte[])row.GetValue(0)), From: (ulong)row.GetInt64(1), To: (ulong)row.GetInt64(2)));
        var missing = _taken.Select(static one => (one.Epoch, one.Seq)).Distinct()
            .Where(record => gaps.Any(gap => gap.Epoch == record.Epoch.ToString() && record.Seq >= gap.From && record.Seq <= gap.To)).ToHashSet();
        Assert.Empty(missing);
        var stored = control.Query(
                "SELECT s.name, s.attributes, p.v FROM points p JOIN series s ON s.id = p.series",
                row => (Key: Key(row.GetString(0), JsonNode.Parse(row.GetString(1))!.AsObject().Select(static pair => KeyValuePair.Create(pair.Key, pair.Value!.GetValue<string>()))), Value: row.GetDouble(2)))
            .ToLookup(static point => point.Key, static point => point.Value, StringComparer.Ordinal);
        var expected = _taken.ToLookup(static one => one.Series, static one => one.Value);
        Assert.True(_series.Count > 20, $"Only {_series.Count} series were collected.");
        Assert.All(_series, series => Assert.Equal(expected[series.Value].Order(), stored[series.Key].Order()));
    }

    private static string Key(string name, IEnumerable<KeyValuePair<string, string>> attributes) =>
        name + string.Concat(attributes.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => $" {pair.Key}={pair.Value}"));

    /// <summary>A sample, and the record that it was sealed in.</summary>
    private readonly record struct Taken(int Series, double Value, EpochId Epoch, ulong Seq);
}
