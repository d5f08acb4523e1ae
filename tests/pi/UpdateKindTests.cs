using Messaging.EndToEnd.Harness;
using Messaging.Pi.Harness;

namespace Messaging.Pi;

/// <summary>What else than the agent is updated, by the helper under a real systemd: each kind to a version that is committed, and to one whose checks fail.</summary>
public sealed class UpdateKindTests(RaspberryPiWithUpdates pi, ITestOutputHelper output) : IClassFixture<RaspberryPiWithUpdates>
{
    private const string Fails = "no-such.service";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Tree_IsCommitted_AndOneWhoseChecksFailIsReverted()
    {
        const string File = "/var/lib/messaging-agent-updates/slots/app/current/share/hello";
        await Commits(await Tree("1.0.0"), "tree", "app", "1.0.0");
        Assert.Equal("1.0.0", await pi.Console.Run($"cat {File}"));

        await Reverts(await Tree("1.1.0"), "tree", "app", "1.1.0");
        Assert.Equal("1.0.0", await pi.Console.Run($"cat {File}"));
    }

    [Fact]
    public async Task Script_IsCommitted_AndOneWhoseChecksFailIsReverted()
    {
        const string File = "/etc/set-by-a-script";
        await Commits(await Script(File, "2.0.0"), "script", "setting", "2.0.0");
        Assert.Equal("2.0.0", await pi.Console.Run($"cat {File}"));

        await Reverts(await Script(File, "2.1.0"), "script", "setting", "2.1.0");
        Assert.NotEqual(0, (await pi.Console.TryRun($"test -e {File}")).Code);
    }

    [Fact]
    public async Task Package_IsCommitted_AndOneWhoseChecksFailIsReverted()
    {
        await Commits(await Package("3.0.0"), "deb", "hello-board", "3.0.0");
        Assert.Equal("3.0.0", await pi.Console.Run("dpkg-query -W -f '${Version}' hello-board"));
        Assert.Equal("3.0.0", await pi.Console.Run("cat /usr/share/hello-board/version"));

        await Reverts(await Package("3.1.0"), "deb", "hello-board", "3.1.0");
        Assert.Equal("3.0.0", await pi.Console.Run("dpkg-query -W -f '${Version}' hello-board"));
        Assert.Equal("3.0.0", await pi.Console.Run("cat /usr/share/hello-board/version"));
    }

    [Fact]
    public async Task AgentThatCompiles_IsRefusedBeforeTheDownload_WhereTheUnitForbidsIt()
    {
        Assert.SkipUnless(Board.IsNative, "The trimmed build's unit lets it compile.");
        var before = await pi.RunningVersion();
        await pi.Release("0.9.9+trimmed", await pi.Impostor("0.9.9", "abort();"), "--param", "build=trimmed");

        var (code, said) = await pi.Update("0.9.9+trimmed");

        output.WriteLine(said);
        Assert.NotEqual(0, code);
        Assert.Contains("Failed (wrong-build)", said, StringComparison.Ordinal);
        Assert.Equal(before, await pi.RunningVersion());
    }

    private async Task Commits(string artifact, string kind, string name, string version)
    {
        await pi.Release(version, artifact, "--kind", kind, "--name", name);
        var (code, said) = await pi.Update(version);
        output.WriteLine(said);
        Assert.True(code == 0, said);
        Assert.Contains($"{name} {version} is installed", said, StringComparison.Ordinal);
    }

    private async Task Reverts(string artifact, string kind, string name, string version)
    {
        await pi.Release(version, artifact, "--kind", kind, "--name", name, "--health-unit", Fails);
        var (code, said) = await pi.Update(version);
        output.WriteLine(said);
        Assert.NotEqual(0, code);
        Assert.Contains("Reverted (unhealthy)", said, StringComparison.Ordinal);
        Assert.Contains(Fails, said, StringComparison.Ordinal);
    }

    private async Task<string> Tree(string version)
    {
        var folder = pi.Made($"tree-{version}");
        Directory.CreateDirectory(Path.Combine(folder, "share"));
        await File.WriteAllTextAsync(Path.Combine(folder, "share", "hello"), version);
        var archive = folder + ".tar.gz";
        await Run("tar", "-C", folder, "--owner=0", "--group=0", "-czf", archive, ".");
        return archive;
    }

    private async Task<string> Script(string sets, string version)
    {
        var path = pi.Made($"script-{version}") + ".sh";
        await File.WriteAllTextAsync(path, $"""
            #!/bin/sh
            case $1 in
            install) printf {version} >{sets} ;;
            rollback) rm -f {sets} ;;
            esac

            """);
        return path;
    }

    private async Task<string> Package(string version)
    {
        var folder = pi.Made($"package-{version}");
        Directory.CreateDirectory(Path.Combine(folder, "DEBIAN"));
        Directory.CreateDirectory(Path.Combine(folder, "usr", "share", "hello-board"));
        await File.WriteAllTextAsync(Path.Combine(folder, "usr", "share", "hello-board", "version"), version);
        await File.WriteAllTextAsync(Path.Combine(folder, "DEBIAN", "control"), $"Package: hello-board\nVersion: {version}\nArchitecture: all\nMaintainer: Messaging <maintainers@example.org>\nDescription: A file that says its version\n");
        await Run("dpkg-deb", "--root-owner-group", "--build", folder, folder + ".deb");
        return folder + ".deb";
    }

    private static async Task Run(string program, params string[] arguments)
    {
        var (code, said) = await ChildProcess.Run(program, arguments, Patience);
        Assert.True(code == 0, said);
    }
}
