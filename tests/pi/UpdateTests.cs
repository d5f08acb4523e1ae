using Messaging.EndToEnd.Harness;
using Messaging.Pi.Harness;

namespace Messaging.Pi;

/// <summary>The agent updates itself under a real systemd: to one that works, and to those that do not.</summary>
public sealed class UpdateTests(RaspberryPiWithUpdates pi, ITestOutputHelper output) : IClassFixture<RaspberryPiWithUpdates>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    [Fact]
    public async Task Update_ThatWorks_IsCommittedByTheNewVersion()
    {
        await pi.Release("0.1.1", Board.Next("0.1.1"));

        var (code, said) = await pi.Update("0.1.1");

        output.WriteLine(said);
        Assert.Equal(0, code);
        Assert.Contains("messaging-agent 0.1.1 is installed", said, StringComparison.Ordinal);
        Assert.Equal("messaging-agent 0.1.1", await pi.RunningVersion());
        Assert.Equal("messaging-agent 0.1.1", (await pi.Console.Run("messaging-agent version")).Trim());
        Assert.NotEqual(0, (await pi.Console.TryRun("test -e /var/lib/messaging-agent-updates/trial")).Code);
        await pi.Online();
    }

    [Fact]
    public Task Update_ThatCrashesAtItsStart_IsReverted() => Reverts("0.9.1", "abort();", "start-failed");

    [Fact]
    public Task Update_ThatHangs_IsReverted() => Reverts("0.9.2", "for (;;) pause();", "deadline");

    [Fact]
    public async Task Update_WhoseChecksFail_IsReverted()
    {
        var before = await pi.RunningVersion();
        await pi.Release("0.1.2+unhealthy", Board.Next("0.1.2"), "--health-unit", "no-such.service");

        var (code, said) = await pi.Update("0.1.2+unhealthy");

        output.WriteLine(said);
        Assert.NotEqual(0, code);
        Assert.Contains("Reverted (unhealthy)", said, StringComparison.Ordinal);
        Assert.Contains("no-such.service", said, StringComparison.Ordinal);
        Assert.Equal(before, await pi.RunningVersion());
    }

    [Fact]
    public async Task Update_ThatCannotReachTheServer_IsRevertedAndSaysSoWhenItCan()
    {
        var before = await pi.RunningVersion();
        var slot = (await pi.Console.TryRun($"readlink {RaspberryPiWithUpdates.Slots}/current")).Output.Trim();
        await pi.Release("0.1.2+alone", Board.Next("0.1.2"));

        var update = pi.Update("0.1.2+alone");
        await Eventually.Is("it is switched", Patience, async () =>
            (await pi.Console.TryRun($"readlink {RaspberryPiWithUpdates.Slots}/current")).Output.Trim() is { Length: > 0 } now && now != slot);
        await pi.Console.Run("ip route add blackhole 10.0.2.2/32");
        await Eventually.Is("it is switched back", Patience, async () =>
            (await pi.Console.TryRun($"readlink {RaspberryPiWithUpdates.Slots}/current")).Output.Trim() == slot);
        await pi.Console.Run("ip route del blackhole 10.0.2.2/32");
        var (code, said) = await update;

        output.WriteLine(said);
        Assert.NotEqual(0, code);
        Assert.Contains("Reverted (unhealthy)", said, StringComparison.Ordinal);
        Assert.Equal(before, await pi.RunningVersion());
    }

    private async Task Reverts(string version, string does, string reason)
    {
        var before = await pi.RunningVersion();
        await pi.Release(version, await pi.Impostor(version, does));

        var (code, said) = await pi.Update(version);

        output.WriteLine(said);
        Assert.NotEqual(0, code);
        Assert.Contains($"Reverted ({reason})", said, StringComparison.Ordinal);
        Assert.Equal(before, await pi.RunningVersion());
        Assert.NotEqual(0, (await pi.Console.TryRun("test -e /var/lib/messaging-agent-updates/trial")).Code);
        await pi.Online();
    }
}
