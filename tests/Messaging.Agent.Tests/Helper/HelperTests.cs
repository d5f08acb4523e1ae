using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Messaging.Agent.Commands.Scripts;
using Messaging.Agent.Configuration;
using Messaging.Agent.Helper;
using Messaging.Agent.Systemd;
using Messaging.Agent.Tests.Support;
using Messaging.Agent.Tests.Systemd;

namespace Messaging.Agent.Tests.Helper;

/// <summary>
/// The agent asks, the built program answers: as systemd does, systemd-socket-activate starts it for each connection. On the other side a
/// bus of the test's own, with a peer that answers as systemd does.
/// </summary>
public sealed class HelperTests : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);
    private readonly TemporaryFolder _folder = new();
    private readonly PrivateBus _bus = new();
    private Process? _activator;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Socket => _folder.File("helper.sock");

    public async ValueTask InitializeAsync()
    {
        await _bus.StartAsync();
        Allow("Units = ssh.service, *ed.service, absent.service, slow.service, fail.service\nReboot = yes\nRebootAfter = 0");
    }

    public async ValueTask DisposeAsync()
    {
        _activator?.Kill();
        _activator?.Dispose();
        await _bus.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task RestartUnit_OfAllowedUnits_EndsAsSystemdSays()
    {
        await _bus.StartSystemdAsync();
        var systemd = await StartAsync();

        Assert.Equal("done", await systemd.RestartUnitAsync("ssh.service", Long, Ct));
        Assert.Equal("failed", await systemd.RestartUnitAsync("fail.service", Long, Ct));
        await Assert.ThrowsAsync<TimeoutException>(() => systemd.RestartUnitAsync("slow.service", TimeSpan.FromSeconds(1), Ct));
        var error = await Assert.ThrowsAsync<SystemdException>(() => systemd.RestartUnitAsync("absent.service", Long, Ct));
        Assert.Equal(("org.freedesktop.systemd1.NoSuchUnit", "Unit absent.service not found."), (error.ErrorName, error.Message));
    }

    [Fact]
    public async Task RestartUnit_OfAUnitThatTheFileDoesNotList_IsLeftToPolkitWhichDenies()
    {
        await _bus.StartSystemdAsync();
        Allow("Units = ssh.service");
        var systemd = await StartAsync();

        var error = await Assert.ThrowsAsync<SystemdException>(() => systemd.RestartUnitAsync("denied.service", Long, Ct));

        Assert.True(error.IsDenied);
        Assert.Equal($"{_folder.File("helper.conf")} does not list it: as root, write Units = ssh.service, denied.service there, under [Helper].", error.Message);

        // What polkit allows is done without the helper.
        Allow("Units = other.service");
        Assert.Equal("done", await systemd.RestartUnitAsync("ssh.service", Long, Ct));
    }

    [Fact]
    public async Task Reboot_Allowed_IsAskedForOnce()
    {
        await _bus.StartSystemdAsync("login1");

        await (await StartAsync()).RebootAsync(Ct);

        Assert.Equal(["ready", "Reboot False"], _bus.Calls);
    }

    [Fact]
    public async Task RestartUnit_WithoutSystemdOnTheBus_IsUnavailable()
    {
        var systemd = await StartAsync();

        var error = await Assert.ThrowsAsync<SystemdUnavailableException>(() => systemd.RestartUnitAsync("ssh.service", Long, Ct));

        Assert.StartsWith("the helper: nobody there on the bus", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RestartUnit_WithoutAHelper_SaysWhatToDoWhenPolkitDenies()
    {
        await _bus.StartSystemdAsync();

        var error = await Assert.ThrowsAsync<SystemdException>(() => Helped().RestartUnitAsync("ask.service", Long, Ct));

        Assert.Contains("systemctl enable --now messaging-agent-helper.socket", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RestartUnit_WithAHelperThatEndsWithoutAnAnswer_IsUnavailable()
    {
        using var listener = Listen();
        var asking = Helped().RestartUnitAsync("ssh.service", Long, Ct);
        (await listener.AcceptAsync(Ct)).Dispose();

        var error = await Assert.ThrowsAsync<SystemdUnavailableException>(() => asking);

        Assert.Contains("journalctl -u 'messaging-agent-helper*'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hello\n")]
    [InlineData("reboot")]
    [InlineData("reboot\nreboot\n")]
    public async Task Serve_OfWhatIsNoRequest_IsRefused(string line)
    {
        var (answer, systemd) = await ServeAsync([FileOwner.OfThisProcess()], Encoding.ASCII.GetBytes(line));

        Assert.Equal("refused this is no request that the helper understands.\n", answer);
        Assert.Equal(0, systemd.Calls);
    }

    [Fact]
    public async Task Serve_OfAFloodWithoutALineFeed_IsRefused()
    {
        var (answer, systemd) = await ServeAsync([FileOwner.OfThisProcess()], new byte[100_000]);

        Assert.StartsWith("refused", answer, StringComparison.Ordinal);
        Assert.Equal(0, systemd.Calls);
    }

    [Fact]
    public async Task Serve_OfOneWhoSendsNothing_EndsAfterAWhile()
    {
        var (answer, _) = await ServeAsync([FileOwner.OfThisProcess()], [], end: false);

        Assert.StartsWith("refused", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_OfAStranger_IsRefusedUnread()
    {
        var (answer, systemd) = await ServeAsync([FileOwner.OfThisProcess() + 1], "reboot\n"u8.ToArray());

        Assert.StartsWith("refused the helper is for the agent", answer, StringComparison.Ordinal);
        Assert.Equal(0, systemd.Calls);
    }

    [Theory]
    [InlineData("reboot\n", "done accepted")]
    [InlineData("restart-unit slow.service 60\n", "late the helper was stopped meanwhile")]
    public async Task Serve_EndedByTheShutdownThatItAskedFor_AnswersFirst(string request, string expected)
    {
        Allow("Reboot = yes\nRebootAfter = 0\nUnits = slow.service");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        var (answer, _) = await ServeAsync([FileOwner.OfThisProcess()], Encoding.ASCII.GetBytes(request), stop: stop);

        Assert.StartsWith(expected, answer, StringComparison.Ordinal);
    }

    /// <summary>What the server answers, and what it has asked systemd for; with <paramref name="stop"/> systemd ends the server when it is asked.</summary>
    private async Task<(string Answer, CountingSystemd Systemd)> ServeAsync(uint[] users, byte[] sent, bool end = true, CancellationTokenSource? stop = null)
    {
        var systemd = new CountingSystemd(stop);
        using var listener = Listen();
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(Socket), Ct);
        using var connection = await listener.AcceptAsync(Ct);
        var server = new HelperServer(
            systemd, () => HelperPolicyFile.Read(_folder.File("helper.conf"), FileOwner.OfThisProcess()), users, new Hosting.FixedBootClock(),
            new FastTime(20), Microsoft.Extensions.Logging.Abstractions.NullLogger<HelperServer>.Instance);
        var serving = server.ServeAsync(connection, stop?.Token ?? Ct);
        await client.SendAsync(sent, SocketFlags.None, Ct);
        if (end)
        {
            client.Shutdown(SocketShutdown.Send);
        }

        await serving.WaitAsync(Long, Ct);
        var buffer = new byte[4096];
        return (Encoding.UTF8.GetString(buffer, 0, await client.ReceiveAsync(buffer, SocketFlags.None, Ct)), systemd);
    }

    private Socket Listen()
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Socket));
        listener.Listen(1);
        return listener;
    }

    private void Allow(string lines)
    {
        var path = _folder.Write("helper.conf", $"[Helper]\n{lines}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private HelpedSystemd Helped() => new(
        new SystemdManager(new AgentOptions { Systemd = { BusAddress = _bus.Address } }, TimeProvider.System), new HelperClient(Socket, TimeProvider.System));

    private async Task<HelpedSystemd> StartAsync()
    {
        _activator = Process.Start(new ProcessStartInfo(
            Tool.Require("/usr/bin/systemd-socket-activate", "systemd"),
            [
                "--accept", $"--listen={Socket}", $"--setenv=DBUS_SYSTEM_BUS_ADDRESS={_bus.Address}",
                Path.Combine(AppContext.BaseDirectory, "messaging-agent"), "helper", "--policy", _folder.File("helper.conf"), "--user", Environment.UserName,
            ])
        { UseShellExecute = false, RedirectStandardError = true })!;

        // The socket's file is there before anybody listens.
        var listening = new TaskCompletionSource();
        _activator.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null || line.Data.StartsWith("Listening on", StringComparison.Ordinal))
            {
                listening.TrySetResult();
            }
        };
        _activator.BeginErrorReadLine();
        await listening.Task.WaitAsync(Long, Ct);
        return Helped();
    }

    private sealed class CountingSystemd(CancellationTokenSource? stop) : ISystemd
    {
        public int Calls { get; private set; }

        public Task<IReadOnlyList<UnitState>> ListUnitsAsync(CancellationToken ct) => throw new NotSupportedException();

        public Task<string> RestartUnitAsync(string unit, TimeSpan deadline, CancellationToken ct)
        {
            Calls++;
            stop?.Cancel();
            ct.ThrowIfCancellationRequested();
            return Task.FromResult("done");
        }

        public Task<IReadOnlyList<string>> ListRebootBlockersAsync(CancellationToken ct) => throw new NotSupportedException();

        public Task RebootAsync(CancellationToken ct)
        {
            Calls++;
            stop?.Cancel();
            ct.ThrowIfCancellationRequested();
            return Task.CompletedTask;
        }
    }
}
