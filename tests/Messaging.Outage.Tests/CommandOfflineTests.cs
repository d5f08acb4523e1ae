using System.Text.Json;
using Messaging.Agent.Collect;
using Messaging.Agent.Collect.Scheduling;
using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Agent.Enrolment;
using Messaging.Agent.Identity;
using Messaging.FleetServer.Commands;
using Messaging.Outage.Tests.Harness;

namespace Messaging.Outage.Tests;

/// <summary>
/// A command ends when nobody can be told, and nobody can for a day: the machine starts again in between, and the spool overflows with what is less important.
/// </summary>
public sealed class CommandOfflineTests : IDisposable
{
    private static readonly MetricDefinition Metric = new("day.value", "1", InstrumentKind.Gauge);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly string _folder = Directory.CreateTempSubdirectory("day-").FullName;
    private readonly LapseTime _time = new(DateTimeOffset.FromUnixTimeMilliseconds(Agent.Clock.BuildTime.UnixMs).AddDays(1));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Result_OfACommandThatEndsAtTheBeginningOfADayWithoutAConnection_ArrivesAfterIt(bool isKilled)
    {
        var options = Options();
        var keys = Enroller.OpenKeys(PhysicalDisk.Instance, new StateFolder(options.Device.State));
        using var link = new DirectLink(keys.Keys.DeviceId, _time);
        await using var control = await Control.StartAsync(Path.Combine(_folder, "control"), _time, () => link);
        await control.EnrolAsync(options, keys, "day", link);
        var device = keys.Keys.DeviceId.ToString();
        string command;
        await using (var agent = new AgentLife(options, new LapseBoot(_time), _time, link))
        {
            await agent.DrainAsync(Patience);
            using var args = JsonDocument.Parse("""{"name":"slow"}""");
            var creation = await control.Commands.CreateAsync(new CommandRequest(device, "run-script", args.RootElement.Clone(), null, "test"), Ct);
            Assert.Null(creation.Problem);
            command = creation.Command!.Id;
            await agent.ConnectAsync(() => State(agent) == Messaging.Commands.CommandState.Running, () => "It does not run", Patience);

            // Nobody hears of it from here on.
            await File.WriteAllTextAsync(Path.Combine(_folder, "go"), "", Ct);
            await Until(() => State(agent) == Messaging.Commands.CommandState.Done);
            if (!isKilled)
            {
                await LiveAsync(agent, options, TimeSpan.FromDays(1));
            }
        }

        await using var last = new AgentLife(options, new LapseBoot(_time), _time, link);
        if (isKilled)
        {
            await LiveAsync(last, options, TimeSpan.FromDays(1));
        }

        Assert.NotEqual(CommandState.Done, (await control.Commands.GetAsync(device, command, Ct))!.State);
        await last.DrainAsync(Patience);

        var ended = (await control.Commands.GetAsync(device, command, Ct))!;
        Assert.Equal((CommandState.Done, 0, "ran once\n"), (ended.State, ended.ExitCode, ended.Output));
        Assert.Equal("run\n", await File.ReadAllTextAsync(Path.Combine(_folder, "runs"), Ct));
        Assert.NotEmpty(control.Query("SELECT reason FROM gaps", static row => row.GetString(0)));
        Assert.Empty(control.Query("SELECT reason FROM gaps WHERE stream = 3", static row => row.GetString(0)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static Messaging.Commands.CommandState? State(AgentLife agent) => agent.Journal.Newest(1) is [var newest] ? newest.State : null;

    private static async Task Until(Func<bool> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
        }
    }

    /// <summary>Measures and logs, with nobody there.</summary>
    private async Task LiveAsync(AgentLife agent, AgentOptions options, TimeSpan life)
    {
        var end = _time.Lapsed + life;
        for (var step = 0; _time.Lapsed < end; step++)
        {
            _time.Lapse(Step);
            agent.Measure([new Sample(Metric, AttributeSet.None, step)]);
            agent.Flush();
            await agent.LogAsync($"line {step} {new string('x', 300)}");
            agent.Keep();
            Assert.True(agent.Spool.Counts().Bytes <= options.Spool.MaxBytes);
        }
    }

    private AgentOptions Options()
    {
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var state = Directory.CreateDirectory(Path.Combine(_folder, "state"), Own).FullName;
        var scripts = Directory.CreateDirectory(Path.Combine(_folder, "scripts"), Own).FullName;
        var script = Path.Combine(scripts, "slow");
        File.WriteAllText(script, $"#!/bin/sh\necho run >> {_folder}/runs\nuntil [ -e {_folder}/go ]; do sleep 0.05; done\necho ran once\n");
        File.SetUnixFileMode(script, Own);
        return new AgentOptions
        {
            Device = { State = state },
            Transport = { Endpoint = "mqtt://127.0.0.1:1", Metered = "off" },
            Clock = { Believe = ClockOptions.Always },
            Commands = { Allow = "run-script", ScriptsDirectory = scripts },
            Spool = { MaxBytes = 1024 * 1024, SegmentBytes = 128 * 1024, MaxDiskShare = 100, KeepFree = 0 },
        };
    }
}
