using System.Text;
using Messaging.Agent.Tests.Hosting;
using Messaging.Agent.Tests.Support;
using Messaging.Commands;
using Messaging.Streams;

namespace Messaging.Agent.Tests.Packages;

/// <summary>The whole way of a command, from control to dpkg and back.</summary>
public sealed class AgentPackagesTests : IAsyncLifetime
{
    private const string Waits = "touch \"$DPKG_ROOT/run/started\"\nwhile [ -e \"$DPKG_ROOT/run/hold\" ]; do sleep 0.05; done";
    private readonly AptSystem _system = new();
    private AgentFixture? _fixture;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string[] Settings => ["Commands:Allow=ping,packages", "Commands:Packages=my-*", "Systemd:Packages=" + _system.Socket];

    public async ValueTask InitializeAsync() => _fixture = await AgentFixture.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _fixture!.DisposeAsync();
        await _system.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Packages_WhoseAgentIsRestartedMeanwhile_AreReportedByTheNextOne(bool isKilled)
    {
        await _system.Make("my-agent", "2.0", postinst: Waits).RefreshAsync();
        await File.WriteAllTextAsync(_system.In("run/hold"), "", Ct);
        var control = _fixture!.Control;
        var agent = await _fixture.RunConnectedAsync(Settings);
        var install = Make(control, new PackagesArguments(PackageAction.Install, [Package("my-agent")], false, false, RunLimits.None));
        await control.SendAsync(install);
        await Eventually.True(() => File.Exists(_system.In("run/started")), "dpkg works");

        // dpkg has begun: it is not stopped in the middle, and whoever wants it is told at once.
        var cancel = control.MakeCommand(CommandTypes.Cancel, CancelArguments.Encode(install.Content.Id));
        await control.SendAsync(cancel);
        Assert.StartsWith("Dpkg has begun", (await control.ResultAsync(cancel.Content.Id, CommandState.Failed)).Message, StringComparison.Ordinal);

        if (isKilled)
        {
            await agent.KillAsync();
        }
        else
        {
            agent.Terminate();
            await agent.ExitAsync();
        }

        File.Delete(_system.In("run/hold"));
        await _fixture.RunConnectedAsync(Settings);
        var report = await control.ResultAsync(install.Content.Id, CommandState.Done, CommandState.Failed, CommandState.Unknown);

        Assert.Equal((CommandState.Done, (int?)0, "my-agent 2.0 installed."), (report.State, report.ExitCode, report.Message));
        Assert.Contains("Setting up my-agent (2.0)", Encoding.UTF8.GetString(report.Output.Span), StringComparison.Ordinal);
        Assert.EndsWith("\"repaired\":[]}\n", Encoding.UTF8.GetString(report.Output.Span), StringComparison.Ordinal);
        Assert.Equal("my-agent 2.0 installed", _system.Installed());

        // What was sent of the output before the restart is not told as its end.
        CommandOutput[] pieces = [.. control.Records.Where(static record => record.Type == RecordType.CommandOutput)
            .Select(static record => CommandOutput.TryDecode(record.Content, out var piece) ? piece : throw new InvalidDataException())
            .Where(piece => piece.CommandId == install.Content.Id)];
        var end = Assert.Single(pieces, static piece => piece.Written is not null);
        Assert.Equal(report.Output.Length, end.Written);
        var whole = new byte[end.Written!.Value];
        foreach (var piece in pieces)
        {
            piece.Bytes.CopyTo(whole.AsMemory(piece.Offset));
        }

        Assert.Equal(report.Output.ToArray(), whole);
    }

    [Fact]
    public async Task Packages_DryOrNotAllowed_ChangeNothing()
    {
        await _system.Make("my-a", "1.0").Make("other", "1.0").RefreshAsync();
        var control = _fixture!.Control;
        await _fixture.RunConnectedAsync(Settings);

        var dry = await RunAsync(new PackagesArguments(PackageAction.Install, [Package("my-a")], false, false, RunLimits.None), dry: true);
        var other = await RunAsync(new PackagesArguments(PackageAction.Install, [Package("other")], false, false, RunLimits.None));
        var memory = await RunAsync(new PackagesArguments(PackageAction.Refresh, [], false, false, new RunLimits(null, 1 << 20, null, null, null)));

        Assert.StartsWith("Dry run: packages would run now. It would install 1, change 0 and remove 0;", dry.Message, StringComparison.Ordinal);
        Assert.Contains("install my-a 1.0\n", Encoding.UTF8.GetString(dry.Output.Span), StringComparison.Ordinal);
        Assert.Equal((CommandState.Rejected, "The owner of this device does not allow other (Commands:Packages)."), (other.State, other.Message));
        Assert.Equal(CommandState.Rejected, memory.State);
        Assert.Equal("", _system.Installed());

        async Task<CommandReport> RunAsync(PackagesArguments arguments, bool dry = false)
        {
            var command = Make(control, arguments, dry);
            await control.SendAsync(command);
            return await control.ResultAsync(command.Content.Id, CommandState.Done, CommandState.Failed, CommandState.Rejected);
        }
    }

    private static Command Make(FakeControl control, PackagesArguments arguments, bool dry = false) => control.MakeCommand(
        CommandTypes.Packages, arguments.Encode(), idempotent: false, content => content with { Freshness = control.Fresh(), DryRun = dry });

    private static PackageReference Package(string text) => PackageReference.TryParse(text, out var package) ? package : throw new InvalidOperationException(text);
}
