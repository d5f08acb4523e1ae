using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Agent.Enrolment;
using Messaging.Agent.Status;
using Messaging.Agent.Tests.Support;
using Messaging.Crypto;
using Messaging.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Status;

public sealed class StatusServerTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly AgentOptions _options;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public StatusServerTests()
    {
        _options = new AgentOptions { Device = { State = _folder.Path } };
    }

    private string SocketPath => StatusSocket.PathIn(_folder.Path);

    [Fact]
    public async Task Status_AgentRuns_ShowsItsScreenOrJson()
    {
        await Start(new Part());

        var (code, screen) = await Ask(json: false);
        var (jsonCode, json) = await Ask(json: true);

        Assert.Equal((StatusCommand.AllWell, StatusCommand.AllWell), (code, jsonCode));
        Assert.Contains("cpu 50%", screen, StringComparison.Ordinal);
        var snapshot = StatusJsonReader.Read(Encoding.UTF8.GetBytes(json));
        Assert.Equal((Environment.ProcessId, 0.5), (snapshot.Agent.ProcessId, snapshot.Latest["system.cpu.utilization"]));
        Assert.Contains("\"processId\":", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_AgentHasProblems_SaysSoByItsExitCode()
    {
        await Start(new Part { Problem = new("spool", "The disk refuses writes", "Free space.", null) });

        Assert.Equal(StatusCommand.HasProblems, (await Ask(json: false)).Code);
    }

    [Fact]
    public async Task Run_Socket_IsForItsUserAlone()
    {
        await Start(new Part());

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SocketPath));
    }

    [Fact]
    public async Task Run_SocketOfADeadAgentIsLeft_IsReplaced()
    {
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(SocketPath));
        }

        File.WriteAllText(SocketPath, "");
        await Start(new Part());

        Assert.Equal(StatusCommand.AllWell, (await Ask(json: false)).Code);
    }

    [Fact]
    public async Task Run_Stopped_RemovesItsSocket()
    {
        await Start(new Part());
        await Stop();

        Assert.False(File.Exists(SocketPath));
        Assert.Equal(StatusCommand.NotRunning, (await Ask(json: false)).Code);
    }

    [Fact]
    public async Task Run_ClientThatGoesAwayAtOnce_DoesNotHurt()
    {
        await Start(new Part());
        for (var i = 0; i < 10; i++)
        {
            using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await client.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), TestContext.Current.CancellationToken);
        }

        Assert.Equal(StatusCommand.AllWell, (await Ask(json: false)).Code);
    }

    [Fact]
    public async Task Run_FolderWhosePathIsTooLongForASocket_GoesOnWithout()
    {
        _options.Device.State = _folder.File(new string('x', 120));
        Directory.CreateDirectory(_options.Device.State);

        await Server(new Part()).RunAsync(_stop.Token).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Status_NotRunningAndEnrolled_TellsWhatTheFolderKnows()
    {
        var id = PrincipalId.FromIdentityKey(IdentityKey.Generate().Public);
        EnrolmentStore.Save(
            PhysicalDisk.Instance, _folder.File("enrolment"), new EnrolmentRecord(id, "pi-kitchen", [], [], "https://fleet.example", new byte[32], []));
        _folder.Write("running", "x");
        _folder.Write("spool/00000001.seg", new string('x', 3000));

        var (code, screen) = await Ask(json: false);

        Assert.Equal(StatusCommand.NotRunning, code);
        Assert.Contains("agent       does not run: nobody listens on its socket", screen, StringComparison.Ordinal);
        Assert.Contains($"device      pi-kitchen ({id})", screen, StringComparison.Ordinal);
        Assert.Contains("fleet       https://fleet.example", screen, StringComparison.Ordinal);
        Assert.Contains("spool       2.9 KiB, last written 0s ago", screen, StringComparison.Ordinal);
        Assert.Contains("The agent was killed or the power failed.", screen, StringComparison.Ordinal);
        Assert.Contains("-> Start it: systemctl start messaging-agent.", screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_OfAnAgentThatIsTooBusyToAnswer_DoesNotSayThatItDoesNotRun()
    {
        _folder.Write("enrolment", "x");
        _folder.Write("running", "x");
        using var busy = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        busy.Bind(new UnixDomainSocketEndPoint(SocketPath));
        busy.Listen();
        var time = new FakeTimeProvider();
        var output = new SharedWriter();

        var asking = new StatusCommand(_options, [], json: false, new StatusTerminal(output, 100, null, false), time).RunAsync(TestContext.Current.CancellationToken);
        using var asked = await busy.AcceptAsync(TestContext.Current.CancellationToken);
        time.Advance(StatusSocket.Timeout);

        Assert.Equal(StatusCommand.Unknown, await asking);
        Assert.Contains("may run or not: it did not answer within 5 s", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("was killed", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_NotRunningAndDamaged_SaysThatStartingDoesNotHelp()
    {
        _folder.Write("enrolment", "x");

        var (code, screen) = await Ask(json: false);

        Assert.Equal(StatusCommand.NotRunning, code);
        Assert.Contains("is damaged", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("systemctl start", screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_ConfigurationIsWrong_IsToldWithTheRest()
    {
        await Start(new Part());
        var output = new SharedWriter();
        StatusProblem wrong = new("configuration", "Spool:MaxBytes is too little", "Mend it.", null);

        var code = await Command(output, wrong).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(StatusCommand.HasProblems, code);
        Assert.Contains("problems    configuration: Spool:MaxBytes is too little", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_OnATerminal_DrawsInPlaceWithinItsHeightAndLeavesTheLastScreen()
    {
        await Start(new Part());
        var output = new SharedWriter();
        using var stop = new CancellationTokenSource();

        var watching = Command(output, height: 2).WatchAsync(stop.Token);
        await Eventually.True(() => output.ToString().Split("\u001b[H").Length > 2, "a second drawing");
        await stop.CancelAsync();

        Assert.Equal(StatusCommand.AllWell, await watching);
        var drawings = output.ToString().Split("\u001b[?1049l");
        Assert.All(drawings[0].Split("\u001b[H").Skip(1), drawing => Assert.Equal(2, drawing.Split('\n').Length));
        Assert.EndsWith("\u001b[J", drawings[0].Replace("\u001b[?25h", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("cpu 50%", drawings[1], StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', drawings[1]);
    }

    [Fact]
    public async Task Watch_IntoAPipe_IsPlainText()
    {
        await Start(new Part());
        var output = new SharedWriter();
        using var stop = new CancellationTokenSource();

        var watching = Command(output).WatchAsync(stop.Token);
        await Eventually.True(() => output.ToString().Split("cpu 50%").Length > 2, "a second screen");
        await stop.CancelAsync();
        await watching;

        Assert.DoesNotContain('\u001b', output.ToString());
    }

    [Fact]
    public async Task Status_NotEnrolled_SaysHowToEnrol()
    {
        var (code, screen) = await Ask(json: false);

        Assert.Equal(StatusCommand.NotRunning, code);
        Assert.Contains("device      not enrolled", screen, StringComparison.Ordinal);
        Assert.Contains("messaging-agent enroll TOKEN", screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_NoStateFolderAsJson_IsMachineReadable()
    {
        _options.Device.State = _folder.File("absent");

        var (code, json) = await Ask(json: true);

        Assert.Equal(StatusCommand.NotRunning, code);
        using var document = JsonDocument.Parse(json);
        Assert.False(document.RootElement.GetProperty("running").GetBoolean());
        Assert.False(document.RootElement.GetProperty("exists").GetBoolean());
        Assert.Contains("enroll", document.RootElement.GetProperty("problems")[0].GetProperty("do").GetString(), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_running.IsCompleted)
        {
            await Stop();
        }

        _stop.Dispose();
        _folder.Dispose();
    }

    private StatusServer Server(IStatusPart part) =>
        new(new StatusReporter([part], _options, TimeProvider.System), _options, TimeProvider.System, NullLogger<StatusServer>.Instance);

    private async Task Start(IStatusPart part)
    {
        _running = Server(part).RunAsync(_stop.Token);
        await Eventually.True(() => File.Exists(SocketPath) && new FileInfo(SocketPath).UnixFileMode == (UnixFileMode.UserRead | UnixFileMode.UserWrite), "the socket");
    }

    private async Task Stop()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
    }

    private async Task<(int Code, string Output)> Ask(bool json)
    {
        var output = new StringWriter();
        var code = await new StatusCommand(_options, [], json, new StatusTerminal(output, 100, null, false), TimeProvider.System)
            .RunAsync(TestContext.Current.CancellationToken);
        return (code, output.ToString());
    }

    private StatusCommand Command(TextWriter output, StatusProblem? known = null, int? height = null) =>
        new(_options, known is null ? [] : [known], json: false, new StatusTerminal(output, 100, height, false), TimeProvider.System);

    private sealed class Part : IStatusPart
    {
        public StatusProblem? Problem { get; init; }

        public void Contribute(StatusBuilder status)
        {
            status.Latest["system.cpu.utilization"] = 0.5;
            if (Problem is not null)
            {
                status.Problems.Add(Problem);
            }
        }
    }

    /// <summary>Written by one thread and read by another.</summary>
    private sealed class SharedWriter : StringWriter
    {
        public override void Write(string? value)
        {
            lock (GetStringBuilder())
            {
                base.Write(value);
            }
        }

        public override string ToString()
        {
            lock (GetStringBuilder())
            {
                return base.ToString();
            }
        }
    }
}
