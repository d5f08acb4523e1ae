using Messaging.Agent.Configuration;
using Messaging.Agent.Systemd;
using Messaging.Agent.Tests.Support;

namespace Messaging.Agent.Tests.Systemd;

public sealed class SystemdManagerTests : IAsyncDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    private readonly PrivateBus _bus = new();

    [Fact]
    public async Task ListUnits_GivesNamesAndStates()
    {
        var systemd = await Start();

        var units = await systemd.ListUnitsAsync(Ct);

        Assert.Equal(
            [
                new UnitState("ssh.service", "loaded", "active", "running"),
                new UnitState("café.service", "loaded", "failed", "failed"),
                new UnitState("ghost.service", "not-found", "inactive", "dead"),
            ],
            units);
    }

    [Theory]
    [InlineData("ssh.service", "done")]
    [InlineData("fail.service", "failed")]
    public async Task RestartUnit_WaitsForItsOwnJobAndGivesTheResult(string unit, string result)
    {
        var systemd = await Start();

        Assert.Equal(result, await systemd.RestartUnitAsync(unit, Long, Ct));
        Assert.Contains($"RestartUnit {unit} replace", _bus.Calls);
    }

    [Fact]
    public async Task RestartUnit_JobDoesNotEnd_TimesOut()
    {
        var systemd = await Start();

        var error = await Assert.ThrowsAsync<TimeoutException>(() => systemd.RestartUnitAsync("slow.service", TimeSpan.FromMilliseconds(600), Ct));

        Assert.Equal("systemd has not restarted slow.service within 600ms; it goes on trying", error.Message);
    }

    [Fact]
    public async Task RestartUnit_Cancelled_EndsSoon()
    {
        var systemd = await Start();
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => systemd.RestartUnitAsync("slow.service", Long, cancel.Token).WaitAsync(TimeSpan.FromSeconds(5), Ct));
    }

    [Theory]
    [InlineData("absent.service", "org.freedesktop.systemd1.NoSuchUnit", "Unit absent.service not found.")]
    [InlineData("denied.service", "org.freedesktop.DBus.Error.AccessDenied", "Access denied", true)]
    [InlineData("ask.service", "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired", "Interactive authentication required.", true)]
    public async Task RestartUnit_Refused_GivesSystemdsOwnWords(string unit, string name, string message, bool isDenied = false)
    {
        var systemd = await Start();

        var error = await Assert.ThrowsAsync<SystemdException>(() => systemd.RestartUnitAsync(unit, Long, Ct));

        Assert.Equal((name, message, isDenied), (error.ErrorName, error.Message, error.IsDenied));
    }

    [Fact]
    public async Task RestartUnit_SystemdGoesAwayMeanwhile_EndsWithAnError()
    {
        var systemd = await Start();
        var restarting = systemd.RestartUnitAsync("slow.service", Long, Ct);
        await Eventually.True(() => _bus.Calls.Contains("RestartUnit slow.service replace"), "the call");

        await _bus.StopAsync();

        // Before or after the answer to the call.
        var error = await Assert.ThrowsAnyAsync<Exception>(() => restarting.WaitAsync(TimeSpan.FromSeconds(5), Ct));
        Assert.True(error is SystemdException or SystemdUnavailableException, error.ToString());
    }

    [Fact]
    public async Task Reboot_Denied_GivesLogindsOwnWords()
    {
        var systemd = await Start("login1", "denied");

        var error = await Assert.ThrowsAsync<SystemdException>(() => systemd.RebootAsync(Ct));

        Assert.True(error.IsDenied);
        Assert.Equal(["ready", "Reboot False"], _bus.Calls);
    }

    [Fact]
    public async Task Reboot_WithLogind_AsksIt()
    {
        var systemd = await Start("login1");

        await systemd.RebootAsync(Ct);

        Assert.Equal(["ready", "Reboot False"], _bus.Calls);
    }

    [Fact]
    public async Task Reboot_WithoutLogind_StartsTheTarget()
    {
        var systemd = await Start();

        await systemd.RebootAsync(Ct);

        Assert.Equal(["ready", "StartUnit reboot.target replace-irreversibly"], _bus.Calls);
    }

    [Fact]
    public async Task ListUnits_NoSystemdOnTheBus_IsUnavailable()
    {
        await _bus.StartAsync();

        var error = await Assert.ThrowsAsync<SystemdUnavailableException>(() => Manager(_bus.Address).ListUnitsAsync(Ct));

        Assert.StartsWith("nobody there on the bus: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListUnits_NoBus_IsUnavailableAndSaysWhich()
    {
        var error = await Assert.ThrowsAsync<SystemdUnavailableException>(() => Manager("unix:path=/nowhere/bus").ListUnitsAsync(Ct));

        Assert.Equal("there is no bus at unix:path=/nowhere/bus: No such file or directory", error.Message);
    }

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static SystemdManager Manager(string address) => new(new AgentOptions { Systemd = { BusAddress = address } }, TimeProvider.System);

    private async Task<SystemdManager> Start(params string[] options)
    {
        await _bus.StartAsync();
        await _bus.StartSystemdAsync(options);
        return Manager(_bus.Address);
    }
}
