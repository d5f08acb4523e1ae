using Messaging.Agent.Collect;
using Messaging.Agent.Collect.Units;
using Messaging.Agent.Configuration;
using Messaging.Agent.Systemd;

namespace Messaging.Agent.Tests.Collect.Units;

public sealed class UnitCollectorTests
{
    [Fact]
    public async Task Collect_Units_AreOneForTheirState()
    {
        var collector = new UnitCollector(
            new FakeSystemd(new("ssh.service", "loaded", "active", "running"), new("cron.service", "loaded", "failed", "failed")), new());

        var samples = await RecordedSamples.Of(collector);

        Assert.Equal(1, samples["systemd.unit.state{systemd.unit.name=ssh.service,systemd.unit.active_state=active}"]);
        Assert.Equal(1, samples["systemd.unit.state{systemd.unit.name=cron.service,systemd.unit.active_state=failed}"]);
        Assert.Equal(2, samples.Values.Count);
    }

    [Fact]
    public async Task Collect_StateChanges_TheOldOneBecomesZero()
    {
        var systemd = new FakeSystemd(new UnitState("ssh.service", "loaded", "active", "running"));
        var collector = new UnitCollector(systemd, new());
        await RecordedSamples.Of(collector);
        systemd.Units = [new("ssh.service", "loaded", "failed", "failed")];

        var samples = await RecordedSamples.Of(collector);

        Assert.Equal(0, samples["systemd.unit.state{systemd.unit.name=ssh.service,systemd.unit.active_state=active}"]);
        Assert.Equal(1, samples["systemd.unit.state{systemd.unit.name=ssh.service,systemd.unit.active_state=failed}"]);
    }

    [Fact]
    public async Task Collect_OnlyMatchingAndInstalledUnits_AreReported()
    {
        var options = new AgentOptions { Collect = { Units = "ssh.*, my-*.service" } };
        var systemd = new FakeSystemd(
            new("ssh.socket", "loaded", "active", "listening"),
            new("my-app.service", "loaded", "active", "running"),
            new("my-absent.service", "not-found", "inactive", "dead"),
            new("cron.service", "loaded", "active", "running"));

        var samples = await RecordedSamples.Of(new UnitCollector(systemd, options));

        Assert.Equal(2, samples.Values.Count);
    }

    [Fact]
    public async Task Collect_NoSystemd_IsUnavailableWithTheReason()
    {
        var systemd = new FakeSystemd { Unavailable = "libsystemd.so.0 is not installed" };

        var error = await Assert.ThrowsAsync<CollectorUnavailableException>(() => RecordedSamples.Of(new UnitCollector(systemd, new())));

        Assert.Equal("libsystemd.so.0 is not installed", error.Message);
    }

    private sealed class FakeSystemd(params UnitState[] units) : ISystemd
    {
        public IReadOnlyList<UnitState> Units { get; set; } = units;

        public string? Unavailable { get; init; }

        public Task<IReadOnlyList<UnitState>> ListUnitsAsync(CancellationToken ct) =>
            Unavailable is { } reason ? Task.FromException<IReadOnlyList<UnitState>>(new SystemdUnavailableException(reason)) : Task.FromResult(Units);

        public Task<string> RestartUnitAsync(string unit, TimeSpan deadline, CancellationToken ct) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> ListRebootBlockersAsync(CancellationToken ct) => throw new NotSupportedException();

        public Task RebootAsync(CancellationToken ct) => throw new NotSupportedException();
    }
}
