using Messaging.Agent.Commands;
using Messaging.Agent.Commands.Handlers;
using Messaging.Agent.Commands.Output;
using Messaging.Agent.Configuration;
using Messaging.Agent.Systemd;
using Messaging.Commands;

namespace Messaging.Agent.Tests.Commands.Handlers;

public sealed class RestartUnitHandlerTests
{
    private static readonly CommandContext Context = new(default, new RestartUnitArguments("my-app.service").Encode(), new OutputStream(default, 0, _ => true, TimeProvider.System));

    private readonly AgentOptions _options = new() { Commands = { Units = "my-*.service", UnitTimeout = TimeSpan.FromSeconds(7) } };

    [Theory]
    [InlineData("done", CommandState.Done, "restarted")]
    [InlineData("failed", CommandState.Failed, "systemd says: failed")]
    [InlineData("dependency", CommandState.Failed, "systemd says: dependency")]
    public async Task Run_JobEnds_IsReportedAsSystemdWordsIt(string job, CommandState state, string message)
    {
        var result = await Run(() => job);

        Assert.Equal((state, message), (result.State, result.Message));
    }

    [Fact]
    public async Task Run_JobDoesNotEndInTime_Fails()
    {
        var result = await Run(() => throw new TimeoutException());

        Assert.Equal((CommandState.Failed, "my-app.service was not up again within 7 s; systemd goes on."), (result.State, result.Message));
    }

    [Fact]
    public async Task Run_Denied_SaysWhatToDo()
    {
        var result = await Run(() => throw new SystemdException("org.freedesktop.DBus.Error.AccessDenied", "what to do"));

        Assert.Equal(CommandState.Failed, result.State);
        Assert.Equal("The system does not let the agent restart my-app.service: what to do", result.Message);
    }

    [Fact]
    public async Task Run_WhenTheAgentIsStoppedMeanwhile_IsUnknown()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        var result = await new RestartUnitHandler(new Systemd(() => throw new OperationCanceledException(stop.Token)), _options).RunAsync(Context, stop.Token);

        Assert.Equal((CommandState.Unknown, "The agent was stopped before systemd said what came of my-app.service."), (result.State, result.Message));
    }

    [Theory]
    [InlineData("my-app.service", true)]
    [InlineData("ssh.service", false)]
    public void Check_Unit_IsHeldAgainstTheOwnersList(string unit, bool isAllowed) => Assert.Equal(
        isAllowed ? null : "The owner of this device does not allow restarting ssh.service (Commands:Units).",
        new RestartUnitHandler(new Systemd(() => "done"), _options).Check(new RestartUnitArguments(unit).Encode()));

    private Task<CommandResult> Run(Func<string> answer) => new RestartUnitHandler(new Systemd(answer), _options).RunAsync(Context, TestContext.Current.CancellationToken);

    private sealed class Systemd(Func<string> answer) : ISystemd
    {
        public Task<IReadOnlyList<UnitState>> ListUnitsAsync(CancellationToken ct) => throw new NotSupportedException();

        public Task<string> RestartUnitAsync(string unit, TimeSpan deadline, CancellationToken ct)
        {
            Assert.Equal(("my-app.service", TimeSpan.FromSeconds(7)), (unit, deadline));
            return Task.FromResult(answer());
        }

        public Task<IReadOnlyList<string>> ListRebootBlockersAsync(CancellationToken ct) => throw new NotSupportedException();

        public Task RebootAsync(CancellationToken ct) => throw new NotSupportedException();
    }
}
