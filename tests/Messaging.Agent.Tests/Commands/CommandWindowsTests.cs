using Messaging.Agent.Commands;
using Messaging.Agent.Tests.Disk;
using Messaging.Commands;
using Messaging.Trust;
using Messaging.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Commands;

public sealed class CommandWindowsTests : IDisposable
{
    private static readonly BootId Boot = BootId.Generate();
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000));
    private readonly CommandJournal _journal = new(new FaultDisk(), "state/commands");
    private readonly Commanding _commands = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly List<CommandId> _ran = [];
    private readonly TaskCompletionSource _three = new();

    public void Dispose()
    {
        _ending.Dispose();
        _journal.Dispose();
    }

    [Fact]
    public async Task Run_WhenTheWindowOpens_RunsInTheOrderInWhichTheyCame()
    {
        var opensAt = _time.GetUtcNow().AddMinutes(3);
        var ids = Enumerable.Range(0, 3).Select(_ => Accept()).ToList();
        var windows = new CommandWindows(_journal, _time);
        var running = windows.RunAsync(
            _ => _time.GetUtcNow() < opensAt ? CommandVerdict.Waiting("It waits.") : CommandVerdict.Accepted, () => _time.GetUtcNow().ToUnixTimeMilliseconds(), RunAsync, NoEnd, _ending.Token);
        Assert.Empty(_ran);

        while (!_three.Task.IsCompleted && _time.GetUtcNow() < opensAt.AddMinutes(10))
        {
            _time.Advance(TimeSpan.FromSeconds(20));
            await Task.WhenAny(_three.Task, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken));
        }

        await _three.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(ids, _ran);
        await EndAsync(running);
    }

    [Fact]
    public async Task Run_OfOneThatMayNotRunAnyMore_EndsItAndGoesOn()
    {
        CommandId gone = Accept(), good = Accept();
        var ended = new TaskCompletionSource<(CommandId Id, string? Reason)>();
        var ran = new TaskCompletionSource<CommandId>();
        var windows = new CommandWindows(_journal, _time);
        var running = windows.RunAsync(
            command => command.Id == gone ? CommandVerdict.Rejected("command-unknown-issuer", "gone") : CommandVerdict.Accepted,
            () => null,
            command =>
            {
                _journal.Move(command.Id, CommandState.Done, 2);
                ran.SetResult(command.Id);
                return Task.CompletedTask;
            },
            (command, verdict) =>
            {
                _journal.Move(command.Id, CommandState.Rejected, 2);
                ended.SetResult((command.Id, verdict.Reason));
                return Task.CompletedTask;
            },
            _ending.Token);

        Assert.Equal((gone, "command-unknown-issuer"), await ended.Task.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(good, await ran.Task.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Empty(_journal.Waiting);
        await EndAsync(running);
    }

    [Fact]
    public async Task Arrived_OfOneWhoseWindowIsOpenAlready_RunsItAtOnce()
    {
        var windows = new CommandWindows(_journal, _time);
        var ran = new TaskCompletionSource<CommandId>();
        var running = windows.RunAsync(
            _ => CommandVerdict.Accepted,
            () => null,
            command =>
            {
                _journal.Move(command.Id, CommandState.Done, 2);
                ran.SetResult(command.Id);
                return Task.CompletedTask;
            },
            NoEnd,
            _ending.Token);
        var id = Accept();
        windows.Arrived();

        Assert.Equal(id, await ran.Task.WaitAsync(Patience, TestContext.Current.CancellationToken));
        await EndAsync(running);
    }

    [Fact]
    public void Awaited_OnAScreen_SaysHowLong()
    {
        PolicyRule rule = new(["*"], [], 1, [new MaintenanceWindow(0b10_0000, 120, 120)]);
        var friday = new DateTimeOffset(2026, 12, 4, 22, 40, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

        Assert.Equal("for the maintenance window Sat 02:00-04:00 UTC (in 3 h 20 min)", WindowText.Awaited(rule, friday));
        Assert.Equal("It waits for the maintenance window Sat 02:00-04:00 UTC, which opens 2026-12-05 02:00 UTC.", WindowText.Waiting(rule, friday));
        Assert.Contains("time", WindowText.Awaited(rule, null), StringComparison.Ordinal);
    }

    private static Task NoEnd(JournaledCommand command, CommandVerdict verdict) => throw new InvalidOperationException($"{command.Id} ended: {verdict.Message}");

    private CommandId Accept() => _journal.TryAccept(CommandDelivery.Of(_commands.Make()), Boot, 1, "It waits.")!.Id;

    private Task RunAsync(JournaledCommand command)
    {
        _journal.Move(command.Id, CommandState.Running, 2);
        _journal.Move(command.Id, CommandState.Done, 3);
        _ran.Add(command.Id);
        if (_ran.Count == 3)
        {
            _three.SetResult();
        }

        return Task.CompletedTask;
    }

    private async Task EndAsync(Task running)
    {
        await _ending.CancelAsync();
        await running.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }
}
