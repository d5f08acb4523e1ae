using System.Net;
using System.Net.Sockets;
using Messaging.Agent.Tests.Support;
using Messaging.Commands;

namespace Messaging.Agent.Tests.Hosting;

/// <summary>
/// Whatever the agent waits for, SIGTERM ends it in order: an agent that did not get to its end within the 5 s that it has leaves its mark
/// of a running agent behind.
/// </summary>
public sealed class AgentStopTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Transport:Endpoint=mqtt://127.0.0.1:{0}")]
    [InlineData("Transport:Endpoint=mqtts://127.0.0.1:{0}")]
    [InlineData("Transport:Endpoint=ws://127.0.0.1:{0}/mqtt")]
    [InlineData("Transport:Endpoint=http://127.0.0.1:{0}/mqtt/poll")]
    [InlineData("Transport:Endpoint=mqtts://relay.invalid:8883", "Transport:Proxy=http://127.0.0.1:{0}")]
    public async Task Stop_WhileTheOtherSideIsSilent_EndsInOrder(params string[] settings)
    {
        await using var fixture = await AgentFixture.StartAsync();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var agent = fixture.Run([.. settings.Select(setting => string.Format(null, setting, ((IPEndPoint)silent.LocalEndpoint).Port))]);
        using var connection = await silent.AcceptSocketAsync(Ct).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Ct);

        await AssertStopsInOrderAsync(fixture, agent);
    }

    [Fact]
    public async Task Stop_WhileABacklogIsSentThatNobodyConfirms_EndsInOrder()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var file = Path.Combine(fixture.Folder, "app.log");
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, 30_000).Select(i => $"line {i} {new string('x', 200)}"), Ct);
        fixture.Control.Acknowledges = false;
        var agent = await fixture.RunConnectedAsync($"Logs:Files={file}", "Logs:InitialBytes=64MiB", "Uplink:RecordBytes=4KiB");

        await AssertStopsInOrderAsync(fixture, agent);
    }

    [Fact]
    public async Task Stop_WhileAScriptRuns_EndsItAndTheAgentInOrder()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var scripts = Directory.CreateDirectory(Path.Combine(fixture.Folder, "scripts"), OwnerOnly).FullName;
        var mark = Path.Combine(fixture.Folder, "pid");
        var script = Path.Combine(scripts, "long");
        await File.WriteAllTextAsync(script, $"#!/bin/sh\ntrap '' TERM\necho $$ >{mark}.new; mv {mark}.new {mark}\nsleep 1000\n", Ct);
        File.SetUnixFileMode(script, OwnerOnly);
        var agent = await fixture.RunConnectedAsync("Commands:Allow=run-script", $"Commands:ScriptsDirectory={scripts}");
        await SendAsync(fixture, CommandTypes.RunScript, new RunScriptArguments("long", []).Encode());
        await Eventually.True(() => File.Exists(mark), "the script runs; " + agent.Output);

        await AssertStopsInOrderAsync(fixture, agent);
        await Eventually.True(() => !Directory.Exists("/proc/" + File.ReadAllText(mark).Trim()), "the script has ended");
    }

    [Fact]
    public async Task Stop_WhileTheHelperIsWaitedFor_EndsInOrder()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var path = Path.Combine(fixture.Folder, "helper.sock");
        using var silent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        silent.Bind(new UnixDomainSocketEndPoint(path));
        silent.Listen(1);
        var agent = await fixture.RunConnectedAsync("Commands:Allow=restart-unit", "Commands:Units=a.service", $"Systemd:Helper={path}");
        await SendAsync(fixture, CommandTypes.RestartUnit, new RestartUnitArguments("a.service").Encode());
        using var connection = await silent.AcceptAsync(Ct).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Ct);

        await AssertStopsInOrderAsync(fixture, agent);
    }

    private static Task SendAsync(AgentFixture fixture, string type, byte[] arguments) =>
        fixture.Control.SendAsync(fixture.Control.MakeCommand(type, arguments, idempotent: false, content => content with { Freshness = fixture.Control.Fresh() }));

    private static async Task AssertStopsInOrderAsync(AgentFixture fixture, AgentProcess agent)
    {
        Assert.True(File.Exists(Path.Combine(fixture.State, "running")));
        agent.Terminate();

        Assert.Equal(0, await agent.ExitAsync());
        Assert.False(File.Exists(Path.Combine(fixture.State, "running")), "It was cut off: " + agent.Output);
    }
}
