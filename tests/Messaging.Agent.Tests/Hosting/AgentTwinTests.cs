using Messaging.Agent.Tests.Local;
using Messaging.Commands;
using Messaging.Streams;
using Messaging.Twin;

namespace Messaging.Agent.Tests.Hosting;

/// <summary>The real agent, and what it is to be like.</summary>
public sealed class AgentTwinTests
{
    [Fact]
    public async Task Desired_FilesAndValues_AreMadeSoAndKeptSo()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var control = fixture.Control;
        var folder = Directory.CreateDirectory(Path.Combine(fixture.Folder, "managed")).FullName;
        var (file, socket) = (Path.Combine(folder, "app.conf"), Path.Combine(fixture.Folder, "local.sock"));
        await fixture.RunConnectedAsync(
            "Commands:Allow=desired-set,file-write", "Commands:WritePaths=" + folder, "Twin:Check=1s", "Twin:AppDeadline=3s", "Local:Enabled=yes", "Local:Socket=" + socket);
        var state = new DesiredState(1, [new("Intervals:cpu", "3s")], [new(file, 0x180, "a=1\n"u8.ToArray())], [], [new("mode", AppValue.Of("auto")!)]);

        await SetAsync(control, state, CommandState.Done);
        await ReportedAsync(control, "no program says anything", report => report.Properties[2] is { State: PropertyState.Failed, Detail: "waits for a program to say that it uses it" });
        using (var program = await LocalProgram.ConnectAsync(socket))
        {
            Assert.Equal("ok \"auto\"", await program.AskAsync("get mode"));
            Assert.Equal("ok", await program.AskAsync("report mode manual error=\"not in this season\""));
            await ReportedAsync(
                control, "it cannot", report => report.Properties[2] is { State: PropertyState.Failed, Detail: "a program says: not in this season", Value.Text: "manual" });
            Assert.Equal("ok", await program.AskAsync("report mode auto"));
        }

        await ReportedAsync(control, "all is so", report => report.Properties.All(static one => one.State == PropertyState.Converged) && report.Digest.Span.SequenceEqual(state.Digest()));
        Assert.Equal("a=1\n", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        File.SetUnixFileMode(file, UnixFileMode.UserRead);
        await ReportedAsync(control, "its mode is healed", report => report.Properties[1] is { State: PropertyState.Converged, Healed: 1 });
        File.Delete(file);
        Directory.CreateDirectory(file);
        await ReportedAsync(control, "a folder is in its place", report => report.Properties[1].Detail.Length > 0 && report.Properties[1].State is PropertyState.Drifted);
        Directory.Delete(file);
        await ReportedAsync(control, "it is healed again", report => report.Properties[1] is { State: PropertyState.Converged, Healed: 2 });

        var numbers = Reports(control).Select(static report => report.ReportNo).ToList();
        Assert.Equal(numbers.Distinct().Order(), numbers);
    }

    [Fact]
    public async Task Desired_StaleOrNotAllowed_IsRefusedByName()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var control = fixture.Control;
        await fixture.RunConnectedAsync("Commands:Allow=desired-set");

        await SetAsync(control, new DesiredState(4, [new("Intervals:cpu", "3s")], [], [], []), CommandState.Done);
        Assert.Contains("is not above 4", (await SetAsync(control, new DesiredState(4, [], [], [], []), CommandState.Rejected)).Message, StringComparison.Ordinal);
        Assert.Contains("is not above 4", (await SetAsync(control, new DesiredState(3, [], [], [], []), CommandState.Rejected)).Message, StringComparison.Ordinal);
        Assert.Contains("Twin:Settings", (await SetAsync(control, new DesiredState(5, [new("Uplink:LogsFlush", "3s")], [], [], []), CommandState.Rejected)).Message, StringComparison.Ordinal);
        Assert.Contains("file-write", (await SetAsync(control, new DesiredState(5, [], [new("/etc/a", 0, default)], [], []), CommandState.Rejected)).Message, StringComparison.Ordinal);
        Assert.Contains("restart-unit", (await SetAsync(control, new DesiredState(5, [], [], ["a.service"], []), CommandState.Rejected)).Message, StringComparison.Ordinal);
        Assert.Contains("Local:Enabled", (await SetAsync(control, new DesiredState(5, [], [], [], [new("a", AppValue.Of(1)!)]), CommandState.Rejected)).Message, StringComparison.Ordinal);

        // What command 'set-intervals' says does not pass what is desired.
        await ReportedAsync(control, "the first is kept", report => report.Version == 4 && report.Properties[0].State == PropertyState.Converged);
    }

    [Fact]
    public async Task Setting_ThatNeedsAStart_EndsASupervisedAgentAndHoldsFromThenOn()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var control = fixture.Control;
        var environment = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = Path.Combine(fixture.Folder, "nobody.sock") };
        string[] settings = ["Commands:Allow=desired-set", "Twin:Settings=Collect:*,Uplink:*", "Twin:Check=1s"];
        var state = new DesiredState(1, [new("Collect:Processes", "9"), new("Uplink:LogsFlush", "3s")], [], [], []);
        var agent = fixture.Run(environment, settings);
        await control.UntilAsync(() => control.Newest is not null, "it is there", 60);

        await SetAsync(control, state, CommandState.Done);
        Assert.Equal(0, await agent.ExitAsync());
        fixture.Run(environment, settings);

        await ReportedAsync(control, "both are in force", report => report.Properties.All(static one => one.State == PropertyState.Converged), 60);
    }

    [Fact]
    public async Task Setting_ThatNeedsAStart_WaitsWithAnEndWhereNobodyStartsTheAgent()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var control = fixture.Control;
        await fixture.RunConnectedAsync("Commands:Allow=desired-set", "Twin:Settings=Collect:*");

        await SetAsync(control, new DesiredState(1, [new("Collect:Processes", "9")], [], [], []), CommandState.Done);

        await ReportedAsync(
            control, "it waits", report => report.Properties[0] is { State: PropertyState.Converging, WaitMs: > 80_000_000 } one && one.Detail.Contains("waits for a restart", StringComparison.Ordinal));
    }

    private static async Task<CommandReport> SetAsync(FakeControl control, DesiredState state, CommandState end)
    {
        var command = control.MakeCommand(CommandTypes.DesiredSet, state.Encode());
        await control.SendAsync(command);
        return await control.ResultAsync(command.Content.Id, end);
    }

    private static IEnumerable<TwinReport> Reports(FakeControl control) => control.Records.Where(static record => record.Type == RecordType.Twin)
        .Select(static record => TwinReport.TryDecode(record.Content, out var report) ? report : throw new InvalidDataException());

    private static Task ReportedAsync(FakeControl control, string what, Func<TwinReport, bool> condition, int seconds = 60) =>
        control.UntilAsync(() => Reports(control).MaxBy(static report => report.ReportNo) is { } newest && condition(newest), what, seconds);
}
