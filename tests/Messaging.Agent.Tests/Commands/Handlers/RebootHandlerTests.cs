using Messaging.Agent.Commands;
using Messaging.Agent.Commands.Handlers;
using Messaging.Agent.Commands.Output;
using Messaging.Agent.Spool;
using Messaging.Agent.Systemd;
using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Tests.Spool;
using Messaging.Commands;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Commands.Handlers;

public sealed class RebootHandlerTests : IDisposable
{
    private static readonly CommandContext Context = new(default, EmptyArguments.Encode(), new OutputStream(default, 0, _ => true, TimeProvider.System));
    private readonly SpoolStore _spool = SpoolStore.Open(new FaultDisk(), SpoolScript.Folder, new SpoolLimits(), new FakeTimeProvider());
    private readonly CancellationTokenSource _stop = new();

    [Fact]
    public async Task Run_IsOpenUntilTheNextStart() => Assert.Equal(CommandState.Running, (await Run(static () => { })).State);

    [Fact]
    public async Task Run_WhenTheRestartStopsTheAgentBeforeItIsTold_IsOpenUntilTheNextStart()
    {
        var result = await Run(() =>
        {
            _stop.Cancel();
            _stop.Token.ThrowIfCancellationRequested();
        });

        Assert.Equal(CommandState.Running, result.State);
    }

    [Fact]
    public async Task Run_Denied_SaysWhatToDo()
    {
        var result = await Run(static () => throw new SystemdException("org.freedesktop.DBus.Error.AccessDenied", "what to do"));

        Assert.Equal((CommandState.Failed, "The system does not let the agent reboot it: what to do"), (result.State, result.Message));
    }

    public void Dispose()
    {
        _spool.Dispose();
        _stop.Dispose();
    }

    private Task<CommandResult> Run(Action reboot) => new RebootHandler(new Systemd(reboot), _spool).RunAsync(Context, _stop.Token);

    private sealed class Systemd(Action reboot) : ISystemd
    {
        public Task<IReadOnlyList<UnitState>> ListUnitsAsync(CancellationToken ct) => throw new NotSupportedException();

        public Task<string> RestartUnitAsync(string unit, TimeSpan deadline, CancellationToken ct) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> ListRebootBlockersAsync(CancellationToken ct) => throw new NotSupportedException();

        public Task RebootAsync(CancellationToken ct)
        {
            reboot();
            return Task.CompletedTask;
        }
    }
}
