using System.Buffers;
using Messaging.Agent.Audit;
using Messaging.Agent.Clock;
using Messaging.Agent.Collect;
using Messaging.Agent.Collect.Scheduling;
using Messaging.Agent.Configuration;
using Messaging.Agent.Enrolment;
using Messaging.Agent.Hosting;
using Messaging.Agent.Identity;
using Messaging.Agent.Spool;
using Messaging.Agent.Tests.Commands;
using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Tests.Support;
using Messaging.Agent.Transport.Metering;
using Messaging.Agent.Twin;
using Messaging.Agent.Uplink;
using Messaging.Audit;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Epochs;
using Messaging.Streams;
using Messaging.Telemetry;
using Messaging.Trust;
using Messaging.Twin;
using Messaging.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Hosting;

/// <summary>
/// An agent without threads and network on a <see cref="CrashDisk"/>: it enrols, seals, changes keys, obeys; over kills of the process.
/// Remembers what each of its files may hold from when on.
/// </summary>
internal sealed class StateWorld(CrashDisk disk, StateFleet fleet)
{
    private static readonly MetricDefinition Metric = new("test.value", "1", InstrumentKind.Gauge);
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(BuildTime.UnixMs + 1000));
    private readonly FixedBootClock _boot = new();
    private readonly Commanding _commanding = new();
    private readonly Dictionary<EpochId, EpochReceiver> _receivers = [];
    private readonly HashSet<IdentityPublicKey> _identities = [];
    private AgentState? _state;
    private UplinkWriter? _writer;
    private MetricFlusher? _metrics;
    private MetricAccumulator _samples = new(100);
    private readonly SortedDictionary<long, (Execution Entry, byte[] Hash, int At)> _signed = [];
    private ChainId _chain;
    private int _sample;

    public static StateFolder Folder { get; } = new("state");

    public static AgentOptions Options { get; } = new() { Device = new() { State = "state" } };

    public Expectation<string> Enrolled { get; } = new("");

    public Expectation<string> Keys { get; } = new("");

    public Expectation<ulong> RosterVersion { get; } = new(1);

    public Expectation<ulong> DownEpoch { get; } = new(0);

    /// <summary>What the server has stated the time to be.</summary>
    public Expectation<long> Stated { get; } = new(0);

    public Expectation<bool> Running { get; } = new(false);

    public Expectation<long> Interval { get; } = new(0);

    /// <summary>The version of the desired state.</summary>
    public Expectation<ulong> Desired { get; } = new(0);

    /// <summary>The highest number of a report of it that may be used.</summary>
    public Expectation<ulong> DesiredTold { get; } = new(0);

    public Dictionary<CommandId, Expectation<CommandState?>> Commands { get; } = [];

    /// <summary>Whether a command waits for its maintenance window.</summary>
    public Dictionary<CommandId, Expectation<bool>> Waiting { get; } = [];

    /// <summary>The highest number that was accepted from <see cref="Issuer"/>.</summary>
    public Expectation<ulong> Floor { get; } = new(0);

    public PrincipalId Issuer => _commanding.Issuer;

    /// <summary>Numbers of epochs, and from when on they may have been used.</summary>
    public List<(ulong Number, int At)> Epochs { get; } = [];

    /// <summary>Samples that were saved for the case of a kill, and when.</summary>
    public Dictionary<double, int> Saved { get; } = [];

    public static string Describe(DeviceKeys keys) =>
        $"{keys.DeviceId} {keys.KeyNo} {keys.ChangedAtUnixMs} {Convert.ToHexString(keys.Identity.Public.Fingerprint)} "
        + $"{string.Join(',', keys.Hpke.Select(entry => entry.Pair.Kid))} {keys.Pending?.KeyNo} {keys.Pending?.Hpke.Kid}";

    public void Run(int days)
    {
        for (var day = 0; day < days;)
        {
            try
            {
                Live(day);
                day++;
            }
            catch (CrashDisk.KilledException)
            {
                disk.KillAt = int.MaxValue;
                _samples = new MetricAccumulator(100);
            }
        }
    }

    /// <summary>Everything that the record remembers.</summary>
    public IReadOnlyList<Execution> Recorded(AgentState state, int completed) =>
        [.. _signed.Values.Where(one => one.At <= completed).Select(static one => one.Entry), .. Unsigned(state)?.Entries ?? []];

    /// <summary>What was signed is the same still: the chain of what is not signed goes on from it.</summary>
    public void CheckSigned(AgentState state, int completed)
    {
        if (Unsigned(state) is not { } batch || batch.Chain != _chain)
        {
            return;
        }

        var hashes = batch.Hashes();
        for (var i = 0; i < hashes.Length; i++)
        {
            if (_signed.TryGetValue(batch.First + i, out var signed) && signed.At <= completed)
            {
                Assert.Equal(signed.Hash, hashes[i]);
            }
        }

        if (_signed.TryGetValue(batch.First - 1, out var before) && before.At <= completed)
        {
            Assert.Equal(before.Hash, batch.Previous);
        }
    }

    /// <summary>The values of all samples in records that can be read.</summary>
    public List<double> SealedSamples(SpoolStore spool)
    {
        var values = new List<double>();
        var reader = new MetricReader();
        var cursor = default(SpoolCursor);
        while (spool.TryRead(ref cursor, out var record, out var bytes))
        {
            Assert.True(spool.TryFindEpoch(record.Key.Epoch, out var epoch));
            Assert.True(Frame.TryRead(bytes, out var frame));
            var plaintext = new ArrayBufferWriter<byte>();
            Assert.True(Receiver(epoch).TryOpen(frame, plaintext, out _));
            if (record.Key.Stream == StreamId.Metrics)
            {
                var series = reader.Read(record.Key.Epoch, plaintext.WrittenSpan);
                values.AddRange(series.SelectMany(one => one.Points.Select(point => point.Value)));
            }
        }

        return values;
    }

    public MetricFlusher Flusher(AgentState state, UplinkWriter writer, MetricAccumulator samples) => new(
        samples, writer, state.Spool, new UnsealedSamples(state.Disk, Folder.Samples), new SeriesNumbers(state.Spool), new LinkCost(Options), _time, NullLogger<MetricFlusher>.Instance);

    public UplinkWriter Writer(AgentState state) => new(
        state.Spool, state.Keys, state.FleetTrust, state.Epochs, _boot, new WallClock(_time, _boot, state.Clock, new FakeDiscipline(), Options), _time, Options, NullLogger<UplinkWriter>.Instance);

    public AgentState? Open(CrashDisk from) => AgentState.Open(Folder, Options, _boot, _time, from);

    /// <summary>What a start does first: seals what a run that was killed had saved.</summary>
    public static void Recover(MetricFlusher metrics) =>
        Assert.True(metrics.RunAsync(new CancellationToken(canceled: true)).IsCompletedSuccessfully);

    private void Live(int day)
    {
        if (EnrolmentStore.Load(disk, Folder.Enrolment) is null)
        {
            Enrol();
        }

        using (_state = Open(disk) ?? throw new InvalidOperationException("enrolled and not enrolled"))
        {
            Running.Set(true, disk, _state.Run.Begin);
            _writer = Writer(_state);
            Seal(() => Assert.True(_writer.TryOpen()));
            _metrics = Flusher(_state, _writer, _samples);
            Recover(_metrics);
            Day(day);
            Seal(() => _metrics.Flush(durable: true));
            Running.Set(false, disk, _state.Run.End);
            _writer.Dispose();
        }
    }

    public void Enrol()
    {
        var began = disk.Operations;
        var store = Enroller.OpenKeys(disk, Folder);
        Keys.May(Describe(store.Keys), began);
        var record = new EnrolmentRecord(
            store.Keys.DeviceId, "device", [], [], "http://localhost", fleet.Fingerprint, fleet.Bundle(1));
        Keys.Promise(Describe(store.Keys), disk);
        Keys.May(Describe(store.Keys with { ChangedAtUnixMs = 2 }), disk);
        Enrolled.Set(record.DeviceId.ToString(), disk, () => Enroller.Keep(disk, Folder, store, record, 2));
        Keys.Promise(Describe(store.Keys), disk);
        _identities.Add(store.Keys.Identity.Public);
    }

    /// <summary>0 before the first.</summary>
    public static ulong DownEpochNo(TrustStore trust) => trust.Trust.DownEpochs is [.., var newest] ? newest.Number : 0;

    private void Day(int day)
    {
        var state = _state!;
        Measure();
        Seal(() => Assert.True(_writer!.TryAppend(StreamId.Events, RecordType.Event, "event"u8, [], durable: true, out _)));
        Command();
        ChangeKeys(keys => keys.Pending is null ? keys.Stage(withIdentity: day % 2 == 0) : keys);
        Measure();
        var version = state.FleetTrust.Current.Roster.Version + 1;
        RosterVersion.Set(version, disk, () => Assert.Equal(TrustVerdict.Applied, state.FleetTrust.Apply(fleet.Bundle(version))));
        Measure();
        Seal(() => _metrics!.Flush(durable: false));
        ChangeKeys(keys => keys.Pending is null ? keys : keys.Promote(100 + day));
        DownEpoch.Set(
            DownEpochNo(state.Trust) + 1, disk, () => state.Trust.KeepDownEpochs([new ServerEpoch(default, DownEpochNo(state.Trust) + 1, EpochId.Generate())]));
        Measure();
        var intervals = new IntervalTable([new("cpu", TimeSpan.FromSeconds(10))], new Dictionary<string, TimeSpan>(), Folder.Intervals, disk);
        Interval.Set(1000 + day, disk, () => Assert.Null(intervals.TrySet([new("cpu", TimeSpan.FromMilliseconds(1000 + day))])));
        SetDesired();
        Command();
        EndWaiting();
        Seal(() => state.Spool.Sync());
        var stated = BuildTime.UnixMs + (60_000L * (day + 1));
        Stated.Set(stated, disk, () =>
        {
            state.Clock.State(fleet.ServerId, stated);
            state.Trust.SaveTime();
        });
        state.Spool.SaveAcks();
        Measure();
    }

    private void Measure()
    {
        _time.Advance(TimeSpan.FromMilliseconds(100));
        var value = (double)++_sample;
        _samples.Add(_sample, [new Sample(Metric, AttributeSet.None, value)]);
        _metrics!.Save();
        Saved[value] = disk.Operations;
    }

    private void ChangeKeys(Func<DeviceKeys, DeviceKeys> change)
    {
        var next = _state!.Keys.Change(current =>
        {
            var changed = change(current);
            _identities.Add(changed.Identity.Public);
            Keys.May(Describe(changed), disk);
            return changed;
        });
        Keys.Promise(Describe(next), disk);
    }

    private void Command()
    {
        var journal = _state!.Journal;
        var command = _commanding.Make();
        var expected = Commands[command.Content.Id] = new Expectation<CommandState?>(null);
        Floor.Set(command.Content.IssuerSeq, disk, () =>
            expected.Set(CommandState.Accepted, disk, () => Assert.NotNull(journal.TryAccept(CommandDelivery.Of(command), _boot.BootId, 1))));
        _state.Executions.Add(command, CommandState.Accepted, 1);
        expected.Set(CommandState.Running, disk, () => journal.Move(command.Content.Id, CommandState.Running, 2));
        expected.Set(CommandState.Done, disk, () => journal.Move(command.Content.Id, CommandState.Done, 3, new string('m', 200)));
        _state.Executions.Add(command, CommandState.Done, 3);
        Sign();
        new LogWitness(disk, Folder.Witness, _state.FleetTrust, new SecurityLog(), new RecordedEvents(), _time).TryReceive(
            fleet.Checkpoint(Commands.Count), new AckPosition(fleet.ServerId, 1, (ulong)Commands.Count));
    }

    private static ExecutionBatch? Unsigned(AgentState state) => state.Executions.Unsigned(state.Membership.DeviceId, [], null, evenNone: true);

    /// <summary>As the reporter does: durable, then signed, then in the spool.</summary>
    private void Sign()
    {
        var batch = _state!.Executions.Unsigned(_state.Membership.DeviceId, [], null, evenNone: false)!;
        _chain = batch.Chain;
        var hashes = batch.Hashes();
        for (var i = 0; i < hashes.Length; i++)
        {
            _signed[batch.First + i] = (batch.Entries[i], hashes[i], disk.Operations);
        }

        Seal(() => Assert.True(_writer!.TryAppend(StreamId.Events, RecordType.Executions, batch.Sign(_state.Keys.Keys.Identity), [], durable: true, out _)));
        _state.Executions.MarkSigned(batch.Last);
    }

    /// <summary>A newer desired state, and what is told of it: the number is durable before it is sent.</summary>
    private void SetDesired()
    {
        var twin = _state!.Twin;
        var version = (twin.Document?.State.Version ?? 0) + 1;
        var document = new TwinDocument(CommandId.Generate(), new DesiredState(version, [new("Intervals:cpu", $"{version}s")], [], ["a.service"], []));
        Desired.Set(version, disk, () => Assert.True(twin.TryKeep(document)));
        var report = new TwinReport(
            twin.Told.ReportNo + 1,
            version,
            document.State.Digest(),
            null,
            [
                new PropertyReport(PropertyKind.Setting, "Intervals:cpu", PropertyState.Converged, (uint)version, null, "", null),
                new PropertyReport(PropertyKind.Unit, "a.service", PropertyState.Failed, 0, null, new string('w', 200), null),
            ]);
        DesiredTold.Set(report.ReportNo, disk, () => twin.Keep(new TwinTold(report.ReportNo, version, report, [true, false])));
        Seal(() => Assert.True(_writer!.TryAppend(StreamId.Events, RecordType.Twin, report.Encode(), [], durable: true, out _)));
    }

    /// <summary>One to a set that waits for its window; that of the day before runs.</summary>
    private void EndWaiting()
    {
        var journal = _state!.Journal;
        foreach (var waiting in journal.Waiting)
        {
            var (state, awaits) = (Commands[waiting.Id], Waiting[waiting.Id]);
            awaits.Set(false, disk, () => state.Set(CommandState.Running, disk, () => journal.Move(waiting.Id, CommandState.Running, 4)));
            state.Set(CommandState.Done, disk, () => journal.Move(waiting.Id, CommandState.Done, 5));
        }

        var set = new DeviceSet([new(_state.Membership.DeviceId, new CommandFreshness(_boot.BootId, 5)), new(Issuer, null)]);
        var command = _commanding.Make(change: content => content with { Target = CommandTarget.Of(set.Root, 1) });
        var delivery = CommandDelivery.Of(command, set, set.IndexOf(_state.Membership.DeviceId));
        var expected = Commands[command.Content.Id] = new Expectation<CommandState?>(null);
        var waits = Waiting[command.Content.Id] = new Expectation<bool>(false);
        Floor.Set(command.Content.IssuerSeq, disk, () => waits.Set(true, disk, () =>
            expected.Set(CommandState.Accepted, disk, () => Assert.NotNull(journal.TryAccept(delivery, _boot.BootId, 1, "It waits.")))));
    }

    /// <summary>Any sealing may open an epoch.</summary>
    private void Seal(Action action)
    {
        action();
        Epochs.Add((_writer!.EpochNo!.Value, disk.Operations));
    }

    public EpochReceiver Receiver(SpoolEpoch epoch)
    {
        if (_receivers.TryGetValue(epoch.Id, out var known))
        {
            return known;
        }

        Assert.True(Frame.TryRead(epoch.OpenFrame, out var frame));
        foreach (var identity in _identities)
        {
            if (EpochReceiver.TryOpen(epoch.OpenFrame, identity, frame.SenderId, [fleet.Hpke], out var receiver, out _))
            {
                return _receivers[epoch.Id] = receiver;
            }
        }

        throw new InvalidOperationException("no key opens " + epoch.Id);
    }
}
