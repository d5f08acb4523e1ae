using System.Text.Json.Nodes;
using Messaging.Commands;
using Messaging.Streams;
using Messaging.Telemetry;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Hosting;

/// <summary>The agent on a real disk that is full, and on one that only reads: it runs, says so, goes on by itself and loses nothing that it was given.</summary>
public sealed class AgentDiskTests : IAsyncDisposable
{
    private AgentFixture? _fixture;

    private AgentFixture Fixture => _fixture!;

    private FakeControl Control => Fixture.Control;

    private string LogFile => Path.Combine(Fixture.Folder, "app.log");

    private string Scripts => Path.Combine(Fixture.Folder, "scripts");

    /// <summary>Ends the script that waits for it.</summary>
    private string Flag => Path.Combine(Fixture.Folder, "flag");

    public async ValueTask DisposeAsync()
    {
        if (_fixture is not null)
        {
            await _fixture.DisposeAsync();
        }
    }

    [Fact]
    public async Task Run_OnADiskThatFillsUp_SaysSoHoldsLinesBackAndLosesNone()
    {
        await StartAsync();
        var agent = await RunConnectedAsync();
        await AppendAsync(0, 10);
        await UntilLinesAsync(10);

        var script = Control.MakeCommand(
            CommandTypes.RunScript, new RunScriptArguments("until-full", []).Encode(), idempotent: false, c => c with { Freshness = Control.Fresh() });
        await Control.SendAsync(script);
        await Control.ResultAsync(script.Content.Id, CommandState.Running);
        await Fixture.Disk!.FillAsync();
        await AppendAsync(10, 200);
        await UntilProblemAsync("spool");
        await File.WriteAllTextAsync(Flag, "", TestContext.Current.CancellationToken);
        var ping = Control.MakeCommand(CommandTypes.Ping);
        await Control.SendAsync(ping);
        Assert.False(agent.HasExited, agent.Output);

        await Fixture.Disk.MakeRoomAsync();
        await UntilLinesAsync(200);
        await UntilEventsAsync("write-failed", "recovered");
        Assert.Equal(7, (await Control.ResultAsync(script.Content.Id, CommandState.Failed)).ExitCode);

        // As control does it while it has no answer.
        await Control.SendAsync(ping);
        await Control.ResultAsync(ping.Content.Id, CommandState.Done);
        agent.Terminate();
        Assert.Equal(0, await agent.ExitAsync());
    }

    [Fact]
    public async Task Run_StartedOnAFullDisk_SendsWhatItHadAndGoesOnWhenThereIsRoom()
    {
        await StartAsync();
        await LeaveUnsentAsync();
        await Fixture.Disk!.FillAsync();

        var agent = Run();
        await UntilLinesAsync(40);
        await AppendAsync(40, 100);
        await Fixture.Disk.MakeRoomAsync();
        await UntilLinesAsync(100);
        await UntilEventsAsync("write-failed");
        agent.Terminate();
        Assert.Equal(0, await agent.ExitAsync());
    }

    [Fact]
    public async Task Run_StartedOnADiskThatOnlyReads_SendsWhatItHadAndGoesOnWhenItWrites()
    {
        await StartAsync();
        await LeaveUnsentAsync();
        await Fixture.Disk!.SetReadOnlyAsync(true);

        var agent = Run();
        await UntilLinesAsync(40);
        await AppendAsync(40, 100);
        await Fixture.Disk.SetReadOnlyAsync(false);
        await UntilLinesAsync(100);
        await UntilProblemAsync(null);
        await UntilEventsAsync("recovered");
        agent.Terminate();
        Assert.Equal(0, await agent.ExitAsync());
    }

    private async Task StartAsync()
    {
        _fixture = await AgentFixture.StartAsync();
        await _fixture.MoveToSmallDiskAsync(12);
        await File.WriteAllTextAsync(LogFile, "", TestContext.Current.CancellationToken);
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var script = Path.Combine(Directory.CreateDirectory(Scripts, mode).FullName, "until-full");
        await File.WriteAllTextAsync(script, $"#!/bin/sh\nuntil test -e {Flag}; do sleep 0.1; done\nexit 7\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(script, mode);
    }

    private string[] Settings() =>
        ["Commands:Allow=ping,run-script", $"Commands:ScriptsDirectory={Scripts}", $"Logs:Files={LogFile}", "Spool:MaxBytes=2MiB", "Spool:SegmentBytes=512KiB", "Spool:KeepFree=0", "Spool:MaxDiskShare=100"];

    private AgentProcess Run() => Fixture.Run(Settings());

    private Task<AgentProcess> RunConnectedAsync() => Fixture.RunConnectedAsync(Settings());

    /// <summary>Forty lines of which control has none, on the disk of an agent that was killed.</summary>
    private async Task LeaveUnsentAsync()
    {
        var agent = await RunConnectedAsync();
        Control.IsDeaf = true;
        await AppendAsync(0, 40);
        await UntilStatusAsync(status => status["spool"]?["unackedRecords"]?.GetValue<int>() > 0 && status["logs"]!.AsArray().All(one => one!["lines"]?.GetValue<long>() >= 40), "lines in the spool");
        await agent.KillAsync();
        Assert.Empty(Bodies());
        Control.IsDeaf = false;
    }

    private async Task AppendAsync(int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            await File.AppendAllTextAsync(LogFile, $"line {i}\n", TestContext.Current.CancellationToken);
        }
    }

    private async Task UntilLinesAsync(int count)
    {
        await Control.UntilAsync(() => Bodies().Count >= count, $"{count} lines; " + Fixture.Agent!.Output, 60);
        Assert.Equal(Enumerable.Range(0, count).Select(i => $"line {i}"), Bodies());
    }

    private Task UntilEventsAsync(params string[] kinds) => Control.UntilAsync(
        () => kinds.All(kind => Events().Any(one => one.Name == "spool.problem" && one.Attributes.Contains(new("kind", kind)))),
        string.Join(", ", kinds) + "; " + Fixture.Agent!.Output, 60);

    /// <summary>Until the status names a problem of this part; null: until it names none of the spool.</summary>
    private Task UntilProblemAsync(string? part) => UntilStatusAsync(
        status => status["problems"]!.AsArray().Any(one => one!["area"]!.GetValue<string>() == "spool") == (part is not null) && status["spool"] is not null,
        $"problem: {part}");

    private async Task UntilStatusAsync(Func<JsonNode, bool> condition, string what)
    {
        var text = "";
        for (var i = 0; i < 100; i++)
        {
            await using var status = new AgentProcess(Fixture.Disk!.Launcher, Fixture.State, new Dictionary<string, string>(), "status", "--json");
            await status.ExitAsync();
            text = status.Output;
            if (JsonNode.Parse(text) is { } parsed && condition(parsed))
            {
                return;
            }
        }

        Assert.Fail($"{what}: {text}");
    }

    private List<string> Bodies() => [.. Control.Records
        .Where(record => record.Type == RecordType.Logs)
        .SelectMany(record => LogBatch.TryDecode(record.Content, out var batch) ? batch.Entries : [])
        .Select(entry => entry.Body)];

    private IEnumerable<DeviceEvent> Events() => Control.Records
        .Where(record => record.Type == RecordType.Event)
        .SelectMany(record => EventBatch.TryDecode(record.Content, out var batch) ? batch.Events : []);
}
