using System.Threading.Channels;
using Messaging.Agent.Hosting;
using Messaging.Agent.Systemd;
using Messaging.Agent.Tests.Support;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Hosting;

public sealed class WatchdogTests : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Beat_BusyForTooLong_IsStuckUntilItGoesOn()
    {
        var beats = new LoopBeats(Period, _time);
        var beat = beats.Add("metrics", LoopBeats.Step);

        beat.Busy();
        _time.Advance(Period);
        Assert.Empty(beats.Stuck);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["metrics"], beats.Stuck);
        beat.Idle();
        Assert.Empty(beats.Stuck);
    }

    [Fact]
    public void Beat_WaitingForAnything_IsNeverStuck()
    {
        var beats = new LoopBeats(Period, _time);
        beats.Add("logs", LoopBeats.Step).Idle();

        _time.Advance(TimeSpan.FromDays(30));

        Assert.Empty(beats.Stuck);
    }

    [Fact]
    public void Beat_WaitThatDoesNotEnd_IsStuck()
    {
        var beats = new LoopBeats(Period, _time);
        beats.Add("spool", LoopBeats.Step).IdleFor(TimeSpan.FromMinutes(10));

        _time.Advance(TimeSpan.FromMinutes(11));
        Assert.Empty(beats.Stuck);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["spool"], beats.Stuck);
    }

    [Fact]
    public async Task Watchdog_OneLoopHangs_IsNotFedAndSaysWhich()
    {
        var manager = new RecordingManager();
        var notifier = new Notifier(manager);
        using var stop = new CancellationTokenSource();
        var beats = new LoopBeats(Period, _time);
        var hung = beats.Add("sending", LoopBeats.Step);
        beats.Add("logs", LoopBeats.Step).Idle();
        hung.Busy();
        var run = new Watchdog(beats, notifier, _time, NullLogger<Watchdog>.Instance).RunAsync(Period, stop.Token);
        Assert.Equal("WATCHDOG=1", await manager.NextAsync());

        // In one step: what was fed in between would be seen.
        _time.Advance(Period + TimeSpan.FromSeconds(1));
        Assert.Equal("STATUS=Hanging: sending", await manager.NextAsync());

        hung.Idle();
        _time.Advance(Period);
        Assert.Equal("WATCHDOG=1", await manager.NextAsync());
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task Run_Stopped_TellsTheManager()
    {
        await using var fixture = await AgentFixture.StartAsync();
        using var manager = new DatagramSocket(Path.Combine(_folder.Path, "notify"));
        var agent = fixture.Run(new Dictionary<string, string> { ["NOTIFY_SOCKET"] = manager.Path });

        manager.ReceiveUntil("READY=1");
        manager.ReceiveUntil("STATUS=Connected");
        agent.Terminate();
        manager.ReceiveUntil("STOPPING=1");
        Assert.Equal(0, await agent.ExitAsync());
    }

    public void Dispose() => _folder.Dispose();

    private sealed class RecordingManager : ISystemdNotifier
    {
        private readonly Channel<string> _said = Channel.CreateUnbounded<string>();

        public bool IsEnabled => true;

        public void Notify(ServiceState state) => _said.Writer.TryWrite(state.ToString()!);

        public async Task<string> NextAsync() => await _said.Reader.ReadAsync(TestContext.Current.CancellationToken);
    }
}
