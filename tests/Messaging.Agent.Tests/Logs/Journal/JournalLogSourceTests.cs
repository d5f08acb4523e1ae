using Messaging.Agent.Clock;
using Messaging.Agent.Configuration;
using Messaging.Agent.Logs;
using Messaging.Agent.Logs.Journal;
using Messaging.Agent.Status;
using Messaging.Agent.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Logs.Journal;

public sealed class JournalLogSourceTests : IAsyncDisposable
{
    private readonly JournalFolder _journal = new();
    private readonly RecordingSink _sink = new();
    private readonly RecordedEvents _events = new();
    private readonly AgentOptions _options;
    private CancellationTokenSource _stop = new();
    private JournalLogSource? _source;
    private Task _running = Task.CompletedTask;

    public JournalLogSourceTests()
    {
        _options = new AgentOptions
        {
            Logs = { JournalFolder = _journal.Path, JournalInitial = TimeSpan.FromDays(100) },
        };
    }

    [Fact]
    public async Task Run_Entries_ComeWithTimeSeverityAndOrigin()
    {
        var time = _journal.NextTime;
        await _journal.WriteAsync("system.journal", [
            new JournalEntry("unit says", ("PRIORITY", "3"), ("_SYSTEMD_UNIT", "my-app.service"), ("SYSLOG_IDENTIFIER", "app"), ("_PID", "42")),
            new JournalEntry("kernel says", ("PRIORITY", "5"), ("SYSLOG_IDENTIFIER", "kernel")),
            new JournalEntry("nobody says"),
        ]);
        Start();
        await Lines(3);

        var lines = _sink.Lines;
        Assert.Equal((time.ToUnixTimeMilliseconds(), 17, "unit says"), (lines[0].Time.WallUnixMs!.Value, lines[0].Severity, lines[0].Body));
        Assert.Equal(new LogOrigin(LogOriginKind.Journal, "my-app.service"), lines[0].Source);
        Assert.Equal([new("systemd.unit.name", "my-app.service"), new("syslog.identifier", "app"), new("process.pid", "42")], lines[0].Attributes);
        Assert.Equal((10, "kernel"), (lines[1].Severity, lines[1].Source.Name));
        Assert.Equal((0, "journal"), (lines[2].Severity, lines[2].Source.Name));
    }

    [Theory]
    [InlineData("0", 21)]
    [InlineData("1", 19)]
    [InlineData("2", 18)]
    [InlineData("3", 17)]
    [InlineData("4", 13)]
    [InlineData("5", 10)]
    [InlineData("6", 9)]
    [InlineData("7", 5)]
    [InlineData("8", 0)]
    [InlineData("", 0)]
    [InlineData("33", 0)]
    public void Severity_OfPriority_IsOpenTelemetrys(string priority, int severity) =>
        Assert.Equal(severity, JournalSeverity.Of(System.Text.Encoding.ASCII.GetBytes(priority)));

    [Fact]
    public async Task Run_EntryIsAdded_ComesWithinASecond()
    {
        await _journal.WriteAsync("first");
        Start();
        await Lines(1);
        await _journal.WriteAsync("second");
        var watch = System.Diagnostics.Stopwatch.StartNew();

        await Lines(2);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Run_FirstTime_ReadsOnlyWhatIsRecent()
    {
        await _journal.WriteAsync("old");
        _options.Logs.JournalInitial = TimeSpan.FromSeconds(1);
        var recent = _journal.NextTime;
        await _journal.WriteAsync("recent");
        Start(new FakeTimeProvider(recent.AddMilliseconds(500)));

        await Lines(1);

        Assert.Equal(["recent"], _sink.Texts);
    }

    [Fact]
    public async Task Run_KilledAtAnyWrite_GivesEachEntryExactlyOnce()
    {
        var messages = Enumerable.Range(0, 1300).Select(i => $"entry {i}").ToList();
        await _journal.WriteAsync(messages);
        for (var crash = 0; crash < 6; crash++)
        {
            var at = _sink.Writes;
            _sink.Fate = write => write != at ? SinkFate.Write : crash % 2 == 0 ? SinkFate.CrashBefore : SinkFate.CrashAfter;
            Start();
            await Eventually.True(() => _running.IsCompleted || _sink.Lines.Count == messages.Count, "the crash or the end");
            await Stop();
        }

        _sink.Fate = _ => SinkFate.Write;
        await _journal.WriteAsync("last");
        Start();
        await Lines(1301);

        Assert.Equal([.. messages, "last"], _sink.Texts);
        Assert.Empty(_events.All);
    }

    [Fact]
    public async Task Run_JournalRotates_GoesOnInTheNewFile()
    {
        await _journal.WriteAsync("1", "2");
        Start();
        await Lines(2);
        _journal.Rotate("system@1.journal");
        await _journal.WriteAsync("3");
        await Lines(3);
        await Stop();
        _journal.Rotate("system@2.journal");
        await _journal.WriteAsync("4");
        Start();
        await Lines(4);

        Assert.Equal(["1", "2", "3", "4"], _sink.Texts);
        Assert.Empty(_events.All);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Run_LastEntryWasVacuumed_ReportsExactlyWhatIsMissing(ulong lost)
    {
        var after = _journal.NextTime.AddSeconds(1);
        await _journal.WriteAsync("1", "2");
        Start();
        await Lines(2);
        await Stop();
        _journal.Rotate("system@1.journal");
        var before = _journal.NextTime;
        await _journal.WriteAsync("4", "5");
        _journal.Number("system.journal", "system@1.journal", lost);
        _journal.Delete("system@1.journal");

        Start();
        await Lines(4);

        Assert.Equal(["1", "2", "4", "5"], _sink.Texts);
        Assert.Equal(lost == 0 ? [] : [(after, before, lost.ToString())], Gaps());
    }

    [Fact]
    public async Task Run_JournalWasBegunAnew_ReportsBetweenWhichTimesAndThatTheNumberIsUnknown()
    {
        var after = _journal.NextTime;
        await _journal.WriteAsync("1");
        Start();
        await Lines(1);
        await Stop();
        _journal.Delete("system.journal");
        var before = _journal.NextTime;
        await _journal.WriteAsync("2");

        Start();
        await Lines(2);

        Assert.Equal([(after, before, "unknown")], Gaps());
    }

    [Fact]
    public async Task Run_VacuumedPastWhatWasReadWhileTheSpoolHeldItBack_ReportsTheGap()
    {
        await _journal.WriteAsync("1");
        Start(patience: TimeSpan.FromMilliseconds(20));
        await Lines(1);
        var gate = _sink.Gate = new TaskCompletionSource();
        await _journal.WriteAsync("2");
        await Eventually.True(() => !IsHeldOpen("system.journal"), "the journal is closed");
        _journal.Rotate("system@1.journal");
        await _journal.WriteAsync("lost");
        _journal.Number("system.journal", "system@1.journal", 0);
        _journal.Rotate("system@2.journal");
        await _journal.WriteAsync("4");
        _journal.Number("system.journal", "system@2.journal", 0);
        _journal.Delete("system@1.journal");
        _journal.Delete("system@2.journal");

        _sink.Gate = null;
        gate.SetResult();
        await Lines(3);

        Assert.Equal(["1", "2", "4"], _sink.Texts);
        Assert.Equal("1", Assert.Single(Gaps()).Entries);
    }

    [Fact]
    public async Task Run_JournalMovesFromMemoryToDisk_IsNoGapAndDoublesNothing()
    {
        await _journal.WriteAsync("runtime.journal", ["1", "2"]);
        Start();
        await Lines(2);
        await Stop();
        await _journal.CopyAsync("runtime.journal", "system.journal");
        _journal.Delete("runtime.journal");
        await _journal.WriteAsync("3");

        Start();
        await Lines(3);

        Assert.Equal(["1", "2", "3"], _sink.Texts);
        Assert.Empty(_events.All);
    }

    [Fact]
    public async Task Run_ClockIsBehindAfterAPowerCut_GivesEachEntryExactlyOnce()
    {
        await _journal.WriteAsync("1", "2", "3");
        _sink.Fate = write => write == 1 ? SinkFate.CrashBefore : SinkFate.Write;
        Start(thisBoot: _journal.BootId);
        await Lines(3);
        await _journal.WriteAsync("4");
        await Eventually.True(() => _running.IsCompleted, "the crash");
        _journal.Rotate("system@1.journal~");
        _journal.Boot(new('2', 32), TimeSpan.FromMinutes(-10));
        await _journal.WriteAsync("5", "6");

        Start(thisBoot: _journal.BootId);
        await Lines(6);
        await Stop();
        await _journal.WriteAsync("7");
        Start(thisBoot: _journal.BootId);
        await Lines(7);
        _journal.Boot(_journal.BootId, TimeSpan.Zero);
        await _journal.WriteAsync("8");
        await Lines(8);

        Assert.Equal(["1", "2", "3", "4", "5", "6", "7", "8"], _sink.Texts);
        Assert.Empty(_events.All);
    }

    [Fact]
    public async Task Run_FirstTimeWithClockBehind_FollowsThisBoot()
    {
        await _journal.WriteAsync("before");
        _journal.Rotate("system@1.journal");
        _journal.Boot(new('2', 32), TimeSpan.FromMinutes(-10));
        await _journal.WriteAsync("first");
        Start(thisBoot: _journal.BootId);
        await Lines(2);
        await _journal.WriteAsync("second");

        await Lines(3);

        Assert.Equal(["before", "first", "second"], _sink.Texts);
    }

    [Fact]
    public async Task Run_VacuumedWhileRunning_GoesOn()
    {
        await _journal.WriteAsync("1");
        Start();
        await Lines(1);
        _journal.Rotate("system@1.journal");
        await _journal.WriteAsync("2");
        await Lines(2);
        _journal.Delete("system@1.journal");
        await _journal.WriteAsync("3");
        await Lines(3);

        Assert.Equal(["1", "2", "3"], _sink.Texts);
    }

    [Fact]
    public async Task Run_BinaryLongAndEmptyMessages_AreMadeText()
    {
        _options.Logs.LineBytes = 300;
        await _journal.WriteAsync("system.journal", [
            new JournalEntry([0x61, 0xFF, 0x00, 0x62]),
            new JournalEntry(new string('x', 299) + "ä and more"),
            new JournalEntry("two\nlines\n"),
        ]);
        Start();
        await Lines(3);

        Assert.Equal(["a\uFFFD\uFFFDb", new string('x', 299), "two\nlines"], _sink.Texts);
        Assert.Contains(new("log.line.part", "begin"), _sink.Lines[1].Attributes!);
        Assert.DoesNotContain(_sink.Lines[0].Attributes!, a => a.Key == "log.line.part");
    }

    [Fact]
    public async Task Run_UnitsAreChosen_LeavesOutTheOthersButPassesThem()
    {
        _options.Logs.JournalUnits = "my-*.service, kernel";
        await _journal.WriteAsync("system.journal", [
            new JournalEntry("mine", ("_SYSTEMD_UNIT", "my-app.service")),
            new JournalEntry("other", ("_SYSTEMD_UNIT", "other.service"), ("SYSLOG_IDENTIFIER", "kernel")),
            new JournalEntry("about mine", ("_SYSTEMD_UNIT", "init.scope"), ("UNIT", "my-app.service"), ("_PID", "1")),
            new JournalEntry("pretends", ("_SYSTEMD_UNIT", "other.service"), ("UNIT", "my-app.service"), ("_PID", "2")),
            new JournalEntry("from the kernel", ("SYSLOG_IDENTIFIER", "kernel")),
            new JournalEntry("nobody"),
        ]);
        Start();
        await Lines(3);
        await Stop();

        Assert.Equal(["mine", "about mine", "from the kernel"], _sink.Texts);
        Assert.Equal("my-app.service", _sink.Lines[1].Source.Name);
        var checkpoint = JournalPosition.Decode(_sink.Find("journal/").Single().Value.Span);
        Assert.Equal(6UL, checkpoint!.Seqnum);
    }

    [Fact]
    public async Task Run_LeastPriority_LeavesOutWhatIsLessUrgent()
    {
        _options.Logs.JournalPriority = "warning";
        await _journal.WriteAsync("system.journal", [
            new JournalEntry("warning", ("PRIORITY", "4")),
            new JournalEntry("notice", ("PRIORITY", "5")),
            new JournalEntry("none"),
            new JournalEntry("error", ("PRIORITY", "3")),
        ]);
        Start();
        await Lines(3);

        Assert.Equal(["warning", "none", "error"], _sink.Texts);
    }

    [Fact]
    public async Task Run_ManyThatAreNotWanted_MovesTheCheckpoint()
    {
        _options.Logs.JournalUnits = "none";
        await _journal.WriteAsync(Enumerable.Range(0, 5001).Select(i => $"entry {i}"));
        Start();
        await Eventually.True(() => _sink.Find("journal/").Count == 1, "the checkpoint");

        Assert.Equal(5000UL, JournalPosition.Decode(_sink.Find("journal/").Single().Value.Span)!.Seqnum);
    }

    [Fact]
    public async Task Run_FileThatIsNoJournal_DoesNotHurt()
    {
        File.WriteAllText(Path.Combine(_journal.Path, "broken.journal"), "this is not a journal");
        File.WriteAllText(Path.Combine(_journal.Path, "empty.journal"), "");
        await _journal.WriteAsync("1");
        Start();

        await Lines(1);
    }

    [Fact]
    public async Task Run_DamagedMessage_IsAnEmptyLineWithItsUnit()
    {
        await _journal.WriteAsync("system.journal", [
            new JournalEntry("first entry"),
            new JournalEntry(new string('x', 5000), ("_SYSTEMD_UNIT", "my-app.service")),
            new JournalEntry("third entry"),
        ]);
        _journal.DamageCompressed("system.journal");
        Start();
        await Lines(3);

        Assert.Equal(["first entry", "", "third entry"], _sink.Texts);
        Assert.Equal("my-app.service", _sink.Lines[1].Source.Name);
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public async Task Run_TruncatedFile_DoesNotHurtTheOthers(double share)
    {
        await _journal.WriteAsync(Enumerable.Range(0, 2000).Select(i => $"old {i} {new string('x', 2000)}"));
        _journal.Truncate("system.journal", share);
        _journal.Rotate("system@1.journal~");
        await _journal.WriteAsync("new");
        Start();
        await Eventually.True(() => _sink.Texts.Contains("new"), "the entry of the whole file");
        await _journal.WriteAsync("newer");

        await Eventually.True(() => _sink.Texts.Contains("newer"), "the next entry");
    }

    [Fact]
    public async Task Run_NoLibsystemd_SaysSoAndEnds()
    {
        await _journal.WriteAsync("1");
        _options.Logs.Journal = "on";
        Start(open: (_, _) => throw new DllNotFoundException());
        await _running.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        var log = Assert.Single(Status().Logs);
        Assert.Equal(("unavailable", "libsystemd.so.0 is not installed"), (log.State, log.Problem));
        Assert.Equal("the journal is not followed: libsystemd.so.0 is not installed", Assert.Single(Status().Problems).What);
    }

    [Fact]
    public async Task Run_FilesThatMayNotBeRead_SaysWhich()
    {
        var file = Path.Combine(_journal.Path, "system.journal");
        File.CreateSymbolicLink(file, Path.Combine(_journal.Path, "absent"));
        Start();
        await Eventually.True(() => _events.All.Count == 1, "the report");

        Assert.Equal($"{file} may not be read", Status().Logs.Single().Problem);
    }

    [Fact]
    public async Task Run_CannotBeOpened_FailsWithTheReasonInTheStatus()
    {
        await _journal.WriteAsync("1");
        Start(open: (_, bytes) => JournalReader.Open("/proc/self/status", bytes));
        await Task.WhenAny(_running).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        Assert.IsType<JournalException>(_running.Exception!.InnerException);
        Assert.Equal(("failing", "sd_journal_open_directory /proc/self/status: Not a directory"), (Status().Logs.Single().State, Status().Logs.Single().Problem));
        Assert.Single(Status().Problems);
        _running = Task.CompletedTask;
    }

    [Theory]
    [InlineData("auto", 0, 9)]
    [InlineData("on", 1, 13)]
    public async Task Run_NoJournal_SaysSoAndWaitsForOne(string setting, int problems, int severity)
    {
        _options.Logs.Journal = setting;
        _options.Logs.JournalFolder = Path.Combine(_journal.Path, "absent");
        var time = new FakeTimeProvider(_journal.NextTime);
        Start(time);
        await Eventually.True(() => _events.All.Count == 1, "the report");

        Assert.Equal(("log.journal.unavailable", severity), (_events.All[0].Name, _events.All[0].Severity));
        Assert.Equal("unavailable", Status().Logs.Single().State);
        Assert.Equal(problems, Status().Problems.Count);

        Directory.CreateDirectory(_options.Logs.JournalFolder);
        await _journal.WriteAsync("absent/system.journal", ["at last"]);
        await Eventually.True(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(10));
                return _sink.Lines.Count == 1;
            },
            "the journal appears");

        Assert.Equal("following", Status().Logs.Single().State);
        Assert.Empty(Status().Problems);
    }

    [Fact]
    public async Task Run_Off_EndsAtOnce()
    {
        _options.Logs.Journal = "off";
        Start();
        await _running.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        Assert.Empty(Status().Logs);
    }

    [Fact]
    public async Task Run_DamagedCheckpoint_StartsAsIfNew()
    {
        await _journal.WriteAsync("1");
        await _sink.WriteAsync(new LogChunk("journal/system", [], new byte[] { 9, 9, 9 }), CancellationToken.None);
        Start();

        await Lines(1);
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _journal.Dispose();
    }

    private void Start(TimeProvider? time = null, string? thisBoot = null, Func<string, int, JournalReader>? open = null, TimeSpan? patience = null)
    {
        _stop = new CancellationTokenSource();
        _source = new JournalLogSource(_options, _events, new BootClock(), time ?? new FakeTimeProvider(_journal.NextTime), NullLogger<JournalLogSource>.Instance)
        {
            ThisBoot = thisBoot,
            OpenJournal = open ?? JournalReader.Open,
            Patience = patience ?? TimeSpan.FromSeconds(30),
        };
        _running = _source.RunAsync(_sink.Find(_source.CheckpointPrefix), _sink, _stop.Token);
    }

    private async Task Stop()
    {
        await _stop.CancelAsync();
        await Task.WhenAny(_running);
        Assert.True(_running.IsCompletedSuccessfully || _running.IsCanceled || _running.Exception?.InnerException is CrashException or OperationCanceledException, _running.Exception?.ToString());
    }

    private Task Lines(int count) => Eventually.True(
        () => _running.IsFaulted ? throw _running.Exception! : _sink.Lines.Count >= count, $"{count} lines");

    private List<(DateTimeOffset After, DateTimeOffset Before, string Entries)> Gaps() =>
    [
        .. _events.All.Select(e => (
            DateTimeOffset.Parse(RecordedEvents.Attribute(e, "after")),
            DateTimeOffset.Parse(RecordedEvents.Attribute(e, "before")),
            RecordedEvents.Attribute(e, "entries"))),
    ];

    private bool IsHeldOpen(string file) =>
        new DirectoryInfo("/proc/self/fd").GetFiles().Any(f => f.LinkTarget == Path.Combine(_journal.Path, file));

    private StatusBuilder Status()
    {
        var status = new StatusBuilder();
        _source!.Contribute(status);
        return status;
    }
}
