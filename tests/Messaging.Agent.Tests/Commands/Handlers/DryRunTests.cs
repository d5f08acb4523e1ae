using Messaging.Agent.Collect.Kernel;
using Messaging.Agent.Commands;
using Messaging.Agent.Commands.Handlers;
using Messaging.Agent.Commands.Output;
using Messaging.Agent.Configuration;
using Messaging.Agent.Gpio;
using Messaging.Agent.Gpio.Outputs;
using Messaging.Agent.Systemd;
using Messaging.Agent.Tests.Gpio;
using Messaging.Agent.Tests.Support;
using Messaging.Commands;

namespace Messaging.Agent.Tests.Commands.Handlers;

public sealed class DryRunTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("loaded", CommandState.Done, "It would restart my-app.service, which is active (running).")]
    [InlineData("masked", CommandState.Failed, "my-app.service cannot be restarted: systemd says that it is masked.")]
    public async Task RestartUnit_OfOneThatSystemdKnows_SaysItsState(string load, CommandState state, string expected)
    {
        var result = await RestartUnit(new Systemd { Units = [new("ssh.service", "loaded", "active", "running"), new("my-app.service", load, "active", "running")] });

        Assert.Equal((state, expected), (result.State, result.Message));
    }

    [Fact]
    public async Task RestartUnit_OfOneThatIsNotLoaded_SaysThatItCannotTell() =>
        Assert.StartsWith("It would start my-app.service, of which systemd has nothing loaded", (await RestartUnit(new Systemd())).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", CommandState.Done, "It would restart the machine; nobody keeps it from that.")]
    [InlineData("dpkg: packages are installed", CommandState.Failed, "The machine is kept from a restart by dpkg: packages are installed.")]
    public async Task Reboot_SaysWhoIsAgainstIt(string blocker, CommandState state, string expected)
    {
        var handler = new RebootHandler(new Systemd { Blockers = blocker.Length == 0 ? [] : [blocker] }, null!);

        var result = await handler.TryAsync(Context(EmptyArguments.Encode()), Ct);

        Assert.Equal((state, expected), (result.State, result.Message));
    }

    [Fact]
    public async Task GpioSet_SaysFromWhatToWhatAndSetsNothing()
    {
        var options = new AgentOptions();
        options.Gpio["pump"] = new GpioOptions { Line = "1", Direction = "output" };
        var gpio = new FakeGpio();
        using var outputs = new OutputSet(options, gpio, new KernelRoot("/proc", "/sys"), () => TimeSpan.Zero, new RecordedEvents(), TimeProvider.System);
        var handler = new GpioSetHandler(outputs);
        var arguments = new GpioSetArguments("pump", true, TimeSpan.FromSeconds(1.5)).Encode();

        Assert.Equal("It would set pump from not set to on for 1.5 s.", (await handler.TryAsync(Context(arguments), Ct)).Message);
        Assert.Empty(gpio.Written);
        outputs.Find(OutputKind.Gpio, "pump")!.Set(1, null);
        Assert.Equal("It would set pump from on to off.", (await handler.TryAsync(Context(new GpioSetArguments("pump", false, null).Encode()), Ct)).Message);
    }

    [Fact]
    public async Task PwmSet_SaysToWhatAndSetsNothing()
    {
        var options = new AgentOptions();
        options.Pwm["fan"] = new PwmOptions { Id = "pwmchip0/0" };
        using var outputs = new OutputSet(options, new FakeGpio(), new KernelRoot("/proc", "/sys"), () => TimeSpan.Zero, new RecordedEvents(), TimeProvider.System);

        var result = await new PwmSetHandler(outputs).TryAsync(Context(new PwmSetArguments("fan", 250).Encode()), Ct);

        Assert.Equal("It would set fan from not set to 0.25.", result.Message);
    }

    private static Task<CommandResult> RestartUnit(ISystemd systemd) =>
        new RestartUnitHandler(systemd, new AgentOptions { Commands = { Units = "my-*.service" } }).TryAsync(Context(new RestartUnitArguments("my-app.service").Encode()), Ct);

    private static CommandContext Context(byte[] arguments) => new(default, arguments, new OutputStream(default, 0, _ => true, TimeProvider.System));

    /// <summary>Fails when it is to do something.</summary>
    private sealed class Systemd : ISystemd
    {
        public IReadOnlyList<UnitState> Units { get; init; } = [];

        public IReadOnlyList<string> Blockers { get; init; } = [];

        public Task<IReadOnlyList<UnitState>> ListUnitsAsync(CancellationToken ct) => Task.FromResult(Units);

        public Task<IReadOnlyList<string>> ListRebootBlockersAsync(CancellationToken ct) => Task.FromResult(Blockers);

        public Task<string> RestartUnitAsync(string unit, TimeSpan deadline, CancellationToken ct) => throw new NotSupportedException();

        public Task RebootAsync(CancellationToken ct) => throw new NotSupportedException();
    }
}
