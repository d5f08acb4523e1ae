using System.Text.Json;
using Messaging.Agent.Packages;
using Messaging.Agent.Tests.Support;
using Messaging.Commands;

namespace Messaging.Agent.Tests.Packages;

/// <summary>Real apt and dpkg, in a system of the test's own.</summary>
public sealed class PackagesTests : IAsyncLifetime
{
    /// <summary>A maintainer script that says that it runs, and waits for the test.</summary>
    private const string Waits = "touch \"$DPKG_ROOT/run/started\"\nwhile [ -e \"$DPKG_ROOT/run/hold\" ]; do sleep 0.05; done";

    private readonly AptSystem _system = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _system.DisposeAsync();

    [Fact]
    public async Task Install_OfOneWithADependency_InstallsBothAndSaysWhat()
    {
        await _system.Make("my-app", "1.0", "Depends: my-lib\n").Make("my-lib", "1.0", postinst: "touch \"$DPKG_ROOT/run/reboot-required\"; echo my-lib >\"$DPKG_ROOT/run/reboot-required.pkgs\"").RefreshAsync();

        var (answer, output) = await _system.AskAsync(PackageAction.Install, "my-app");

        Assert.Equal((PackageState.Done, (int?)0, "my-app 1.0 installed, my-lib 1.0 installed. The machine has to be restarted, for my-lib."), (answer.State, answer.ExitCode, answer.Text));
        Assert.Equal("my-app 1.0 installed; my-lib 1.0 installed", _system.Installed());
        Assert.Contains("Setting up my-app (1.0) ...\n", output, StringComparison.Ordinal);
        Assert.Equal(
            """{"changes":[{"package":"my-app","new":"1.0"},{"package":"my-lib","new":"1.0"}],"rebootRequired":true,"rebootFor":["my-lib"],"unfinished":[],"repaired":[]}""", Last(output));
    }

    [Fact]
    public async Task Upgrade_NamedOrAll_ChangesWhatIsInstalledAndNothingElse()
    {
        await _system.Make("my-a", "1.0").Make("my-b", "1.0").Make("my-c", "1.0").RefreshAsync();
        await _system.AskAsync(PackageAction.Install, "my-a", "my-b");
        await _system.Make("my-a", "2.0").Make("my-b", "2.0").RefreshAsync();

        var (named, _) = await _system.AskAsync(PackageAction.Upgrade, "my-a", "my-c");
        Assert.Equal("my-a 1.0 → 2.0.", named.Text);
        Assert.Equal("my-b 1.0 → 2.0.", (await _system.AskAsync(PackageAction.Upgrade)).Answer.Text);
        Assert.Equal("There is nothing to change.", (await _system.AskAsync(PackageAction.Upgrade)).Answer.Text);
        Assert.Equal("my-a 2.0 installed; my-b 2.0 installed", _system.Installed());
    }

    [Fact]
    public async Task Install_OfALowerVersion_NeedsTheCommandAndTheFile()
    {
        await _system.Make("my-a", "1.0").Make("my-a", "2.0").RefreshAsync();
        await _system.AskAsync(PackageAction.Install, "my-a");

        var (plain, _) = await _system.AskAsync(PackageAction.Install, "my-a=1.0");
        _system.Allow("my-*", "install");
        var (forbidden, _) = await _system.AskAsync(AptSystem.Order(PackageAction.Install, ["my-a=1.0"], downgrade: true));
        _system.Allow("my-*", "install, downgrade");
        var (allowed, _) = await _system.AskAsync(AptSystem.Order(PackageAction.Install, ["my-a=1.0"], downgrade: true));

        Assert.Equal((PackageState.Failed, (int?)100), (plain.State, plain.ExitCode));
        Assert.Contains("Packages were downgraded", plain.Text, StringComparison.Ordinal);
        Assert.Equal(PackageState.Refused, forbidden.State);
        Assert.Contains("PackageActions = install, downgrade", forbidden.Text, StringComparison.Ordinal);
        Assert.Equal((PackageState.Done, "my-a 2.0 → 1.0."), (allowed.State, allowed.Text));
    }

    [Fact]
    public async Task Remove_OfWhatAnUnlistedOneNeeds_IsRefused()
    {
        await _system.Make("my-lib", "1.0").Make("other", "1.0", "Depends: my-lib\n").RefreshAsync();
        _system.Allow("*", "install");
        await _system.AskAsync(PackageAction.Install, "other");
        _system.Allow("my-*", "remove");

        var (refused, _) = await _system.AskAsync(PackageAction.Remove, "my-lib");
        _system.Allow("my-*, other", "remove");
        var (removed, _) = await _system.AskAsync(PackageAction.Remove, "my-lib");

        Assert.Equal(PackageState.Refused, refused.State);
        Assert.Contains("remove other 1.0 (not in Packages of", refused.Text, StringComparison.Ordinal);
        Assert.Equal("my-lib 1.0 removed, other 1.0 removed.", removed.Text);
        Assert.Equal("", _system.Installed());
    }

    [Fact]
    public async Task Remove_OfAnEssentialOne_IsRefusedWhateverIsAllowed()
    {
        await _system.Make("my-base", "1.0", "Essential: yes\n").RefreshAsync();
        _system.Allow("*", "install, remove");
        await _system.AskAsync(PackageAction.Install, "my-base");

        var (answer, _) = await _system.AskAsync(PackageAction.Remove, "my-base");

        Assert.Equal(PackageState.Failed, answer.State);
        Assert.Contains("Essential packages were removed", answer.Text, StringComparison.Ordinal);
        Assert.Equal("my-base 1.0 installed", _system.Installed());
    }

    [Fact]
    public async Task Install_WhoseDependencyIsNotListed_IsRefusedWithWhatItWouldDo()
    {
        await _system.Make("my-app", "1.0", "Depends: other\n").Make("other", "3.0").RefreshAsync();

        var (answer, _) = await _system.AskAsync(PackageAction.Install, "my-app");

        Assert.Equal(PackageState.Refused, answer.State);
        Assert.StartsWith("it would also install other 3.0 (not in Packages of", answer.Text, StringComparison.Ordinal);
        Assert.Equal("", _system.Installed());
    }

    [Fact]
    public async Task Install_OfOneThatConflicts_RemovesNothingUnlessThatIsAllowed()
    {
        await _system.Make("my-a", "1.0").Make("my-b", "1.0", "Conflicts: my-a\n").RefreshAsync();
        await _system.AskAsync(PackageAction.Install, "my-a");
        _system.Allow("my-*", "install");

        var (one, _) = await _system.AskAsync(PackageAction.Install, "my-b");
        var (both, _) = await _system.AskAsync(PackageAction.Install, "my-a", "my-b");

        Assert.Contains("remove my-a 1.0 (remove is not in PackageActions of", one.Text, StringComparison.Ordinal);
        Assert.Equal((PackageState.Failed, (int?)100), (both.State, both.ExitCode));
        Assert.Equal("my-a 1.0 installed", _system.Installed());
    }

    [Theory]
    [InlineData("my-none", "Unable to locate package my-none")]
    [InlineData("my-a=7", "Version '7' for 'my-a' was not found")]
    public async Task Install_OfWhatThereIsNot_SaysWhatAptSays(string package, string expected)
    {
        await _system.Make("my-a", "1.0").RefreshAsync();

        var (answer, _) = await _system.AskAsync(PackageAction.Install, package);

        Assert.Equal((PackageState.Failed, (int?)100), (answer.State, answer.ExitCode));
        Assert.Contains(expected, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upgrade_OfAHeldOne_LeavesItAlone()
    {
        await _system.Make("my-a", "1.0").RefreshAsync();
        await _system.AskAsync(PackageAction.Install, "my-a");
        await _system.Make("my-a", "2.0").RefreshAsync();
        _system.Hold("my-a");

        Assert.Equal("There is nothing to change.", (await _system.AskAsync(PackageAction.Upgrade)).Answer.Text);
        var (named, _) = await _system.AskAsync(PackageAction.Install, "my-a=2.0");
        Assert.Equal(PackageState.Failed, named.State);
        Assert.Contains("Held packages were changed", named.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Install_WhileSomebodyElseWorksWithPackages_WaitsAndThenSaysSo()
    {
        await using var system = new AptSystem(lockWait: 1);
        await system.Make("my-a", "1.0").RefreshAsync();
        using (var held = new FileStream(system.In("var/lib/dpkg/lock-frontend"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            held.Lock(0, 0);
            var (answer, _) = await system.AskAsync(PackageAction.Install, "my-a");
            Assert.Equal((PackageState.Failed, (int?)100), (answer.State, answer.ExitCode));
            Assert.Contains("Unable to acquire the dpkg frontend lock", answer.Text, StringComparison.Ordinal);
            Assert.StartsWith("Nothing was changed: ", answer.Text, StringComparison.Ordinal);
        }

        Assert.Equal(PackageState.Done, (await system.AskAsync(PackageAction.Install, "my-a")).Answer.State);
    }

    [Fact]
    public async Task Install_WhosePostinstFails_SaysWhatIsUnfinishedAndTheNextOneRepairsIt()
    {
        await _system.Make("my-a", "1.0", postinst: "test ! -e \"$DPKG_ROOT/run/broken\"").Make("my-b", "1.0").RefreshAsync();
        await File.WriteAllTextAsync(_system.In("run/broken"), "", Ct);

        var (failed, output) = await _system.AskAsync(PackageAction.Install, "my-a");
        File.Delete(_system.In("run/broken"));
        var (next, nextOutput) = await _system.AskAsync(PackageAction.Install, "my-b");

        Assert.Equal((PackageState.Failed, (int?)100), (failed.State, failed.ExitCode));
        Assert.EndsWith("Not finished: my-a.", failed.Text, StringComparison.Ordinal);
        Assert.Contains("\"unfinished\":[\"my-a\"]", Last(output), StringComparison.Ordinal);
        Assert.Equal((PackageState.Done, "dpkg had been interrupted and was repaired first (my-a). my-b 1.0 installed."), (next.State, next.Text));
        Assert.Contains("\"repaired\":[\"my-a\"]", Last(nextOutput), StringComparison.Ordinal);
        Assert.Equal("my-a 1.0 installed; my-b 1.0 installed", _system.Installed());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Install_WhoseHelperIsKilledInTheMiddle_IsSettledByTheNextHelper(bool withDpkg)
    {
        await _system.Make("my-a", "1.0", postinst: Waits).RefreshAsync();
        await File.WriteAllTextAsync(_system.In("run/hold"), "", Ct);
        var order = AptSystem.Order(PackageAction.Install, ["my-a"]);
        var asking = _system.AskAsync(order);
        await Eventually.True(() => File.Exists(_system.In("run/started")), "dpkg works");

        _system.Kill(withAll: withDpkg);
        Assert.True((await Assert.ThrowsAsync<PackageHelperException>(() => asking)).WasAsked);
        File.Delete(_system.In("run/hold"));
        await _system.StartAsync();
        var (answer, output) = await _system.AskAsync(new PackageRequest { Verb = PackageVerb.Follow, Id = order.Id });

        Assert.Equal((PackageState.Done, "my-a 1.0 installed. The helper went down meanwhile; all that was planned is in place."), (answer.State, answer.Text));
        Assert.Contains("\"changes\":[{\"package\":\"my-a\",\"new\":\"1.0\"}]", Last(output), StringComparison.Ordinal);
        Assert.Equal("my-a 1.0 installed", _system.Installed());
    }

    [Fact]
    public async Task Follow_OfOneWhoWentAwayMeanwhile_GetsAllOfItAgain()
    {
        await _system.Make("my-a", "1.0", postinst: Waits).RefreshAsync();
        await File.WriteAllTextAsync(_system.In("run/hold"), "", Ct);
        var order = AptSystem.Order(PackageAction.Install, ["my-a"]);
        using (var gone = CancellationTokenSource.CreateLinkedTokenSource(Ct))
        {
            var asking = _system.Client.AskAsync(order, static _ => { }, AptSystem.Long, gone.Token);
            await Eventually.True(() => File.Exists(_system.In("run/started")), "dpkg works");
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        }

        var following = _system.AskAsync(new PackageRequest { Verb = PackageVerb.Follow, Id = order.Id });
        File.Delete(_system.In("run/hold"));
        var (answer, output) = await following;
        var (again, outputAgain) = await _system.AskAsync(new PackageRequest { Verb = PackageVerb.Follow, Id = order.Id });
        var (_, rest) = await _system.AskAsync(new PackageRequest { Verb = PackageVerb.Follow, Id = order.Id, Offset = 20 });

        Assert.Equal((PackageState.Done, "my-a 1.0 installed."), (answer.State, answer.Text));
        Assert.Equal((answer, output), (again, outputAgain));
        Assert.Equal(output[20..], rest);
    }

    [Fact]
    public async Task Cancel_OnceDpkgHasBegun_IsRefused()
    {
        await _system.Make("my-a", "1.0", postinst: Waits).RefreshAsync();
        await File.WriteAllTextAsync(_system.In("run/hold"), "", Ct);
        var order = AptSystem.Order(PackageAction.Install, ["my-a"]);
        var asking = _system.AskAsync(order);
        await Eventually.True(() => File.Exists(_system.In("run/started")), "dpkg works");

        var (cancel, _) = await _system.AskAsync(new PackageRequest { Verb = PackageVerb.Cancel, Id = order.Id });
        File.Delete(_system.In("run/hold"));

        Assert.Equal(PackageState.Refused, cancel.State);
        Assert.StartsWith("dpkg has begun", cancel.Text, StringComparison.Ordinal);
        Assert.Equal(PackageState.Done, (await asking).Answer.State);
    }

    [Fact]
    public async Task Cancel_BeforeDpkgHasBegun_ChangesNothing()
    {
        // Another one holds the lock, so that it waits before dpkg.
        await using var system = new AptSystem(lockWait: 100);
        await system.Make("my-a", "1.0", postinst: "false").Make("my-b", "1.0").RefreshAsync();
        await system.AskAsync(PackageAction.Install, "my-a");
        using var held = new FileStream(system.In("var/lib/dpkg/lock-frontend"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        held.Lock(0, 0);
        var order = AptSystem.Order(PackageAction.Install, ["my-b"]);
        var asking = system.AskAsync(order);
        var cancel = new PackageRequest { Verb = PackageVerb.Cancel, Id = order.Id };
        await Eventually.True(() => system.Has(order.Id), "the helper has it");
        Assert.Equal(PackageState.Done, (await system.AskAsync(cancel)).Answer.State);

        var (answer, _) = await asking;

        Assert.Equal((PackageState.Cancelled, "It was cancelled before dpkg began. Nothing was changed."), (answer.State, answer.Text));
        Assert.Equal("my-a 1.0 half-configured", system.Installed());
        Assert.Equal(
            "It took longer than 1 s, and was ended before dpkg began: nothing was changed.",
            (await system.AskAsync(AptSystem.Order(PackageAction.Install, ["my-b"], seconds: 1))).Answer.Text);
    }

    [Fact]
    public async Task Cancel_ThatComesFirst_KeepsItFromBeingDone()
    {
        await _system.Make("my-a", "1.0").RefreshAsync();
        var order = AptSystem.Order(PackageAction.Install, ["my-a"]);

        var cancel = new PackageRequest { Verb = PackageVerb.Cancel, Id = order.Id };

        Assert.Equal(PackageState.Done, (await _system.AskAsync(cancel)).Answer.State);
        Assert.Equal(PackageState.Cancelled, (await _system.AskAsync(order)).Answer.State);
        Assert.Equal("It has ended.", (await _system.AskAsync(cancel)).Answer.Text);
        Assert.Equal("", _system.Installed());
    }

    [Fact]
    public async Task Follow_OfWhatWasNeverAskedFor_KeepsItFromBeingDone()
    {
        await _system.Make("my-a", "1.0").RefreshAsync();
        var order = AptSystem.Order(PackageAction.Install, ["my-a"]);

        var (never, _) = await _system.AskAsync(new PackageRequest { Verb = PackageVerb.Follow, Id = order.Id });
        var (late, _) = await _system.AskAsync(order);

        Assert.Equal((PackageState.Failed, "The helper was never asked for it: nothing was done."), (never.State, never.Text));
        Assert.Equal(never, late);
        Assert.Equal("", _system.Installed());
    }

    [Fact]
    public async Task Try_SaysWhatWouldBeDoneAndChangesNothing()
    {
        await _system.Make("my-a", "1.0").Make("my-b", "1.0").RefreshAsync();
        await _system.AskAsync(PackageAction.Install, "my-a");
        await _system.Make("my-a", "2.0").RefreshAsync();

        var (answer, output) = await _system.AskAsync(AptSystem.Order(PackageAction.Install, ["my-a", "my-b"], dry: true));

        Assert.Equal(PackageState.Done, answer.State);
        Assert.StartsWith("It would install 1, change 1 and remove 0; download at most ", answer.Text, StringComparison.Ordinal);
        Assert.Contains("change my-a 1.0 -> 2.0\n", output, StringComparison.Ordinal);
        using var summary = JsonDocument.Parse(Last(output));
        Assert.Equal(12 * 1024, summary.RootElement.GetProperty("diskBytes").GetInt64());
        Assert.InRange(summary.RootElement.GetProperty("downloadBytes").GetInt64(), 1000, 3000);
        Assert.True(summary.RootElement.GetProperty("freeBytes").GetInt64() > 0);
        Assert.Equal("my-a 1.0 installed", _system.Installed());
    }

    [Fact]
    public async Task Install_WithoutAFileThatAllowsIt_IsNotDone()
    {
        await _system.Make("my-a", "1.0").RefreshAsync();
        _system.Allow("other", "install");
        var (unlisted, _) = await _system.AskAsync(PackageAction.Install, "my-a");
        _system.Allow("my-a", "explode");
        var (malformed, _) = await _system.AskAsync(PackageAction.Install, "my-a");

        Assert.Equal(PackageState.Refused, unlisted.State);
        Assert.Contains("write Packages = other, my-a there", unlisted.Text, StringComparison.Ordinal);
        Assert.Contains("is not understood, so that nothing is allowed", malformed.Text, StringComparison.Ordinal);
        Assert.Equal("", _system.Installed());
    }

    private static string Last(string output) => output.TrimEnd('\n').Split('\n')[^1];
}
