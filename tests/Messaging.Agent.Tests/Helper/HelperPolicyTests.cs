using Messaging.Agent.Commands.Scripts;
using Messaging.Agent.Configuration;
using Messaging.Agent.Helper;
using Messaging.Agent.Tests.Support;

namespace Messaging.Agent.Tests.Helper;

/// <summary>helper.conf: whoever could write to it could have it done, and what is not understood allows nothing.</summary>
public sealed class HelperPolicyTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("my-app.service", null)]
    [InlineData("camera-1.service", null)]
    [InlineData("a\\x2db.mount", null)]
    [InlineData("ax2db.mount", "does not list it: as root, write Units = my-app.service, camera-*.service, a\\x2db.mount, ax2db.mount there")]
    [InlineData("my-app.service.service", "does not list it")]
    [InlineData("ssh.service", "does not list it")]
    public void Judge_Unit_IsHeldAgainstTheList(string unit, string? expected)
    {
        var refusal = Read("[Helper]\nUnits = my-app.service, camera-*.service, a\\x2db.mount\n").Judge(new HelperRequest.RestartUnit(unit, Long), Long);

        Assert.Equal(expected is null, refusal is null);
        Assert.Contains(expected ?? "", refusal ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 3600, "Reboot = yes")]
    [InlineData("[Helper]\nReboot = no\n", 3600, "Reboot = yes")]
    [InlineData("[Helper]\nReboot = yes\n", 3600, null)]
    [InlineData("[Helper]\nReboot = yes\n", 119, "wants 2m (RebootAfter)")]
    [InlineData("[Helper]\nReboot = yes\nRebootAfter = 0\n", 0, null)]
    [InlineData("[Helper]\nReboot = yes\nRebootAfter = 3h\n", 3600, "up for 3600 s only")]
    public void Judge_Reboot_IsAllowedByTheFileAlone(string file, int uptime, string? expected)
    {
        var refusal = Read(file).Judge(new HelperRequest.Reboot(), TimeSpan.FromSeconds(uptime));

        Assert.Equal(expected is null, refusal is null);
        Assert.Contains(expected ?? "", refusal ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[Helper]\nUnit = a.service\n", ":2: Helper Unit = a.service is not understood")]
    [InlineData("[Helper]\nReboot = yes\nUnits = a;b.service\n", ":3: Helper Units = a;b.service is not understood")]
    [InlineData("[Helper]\nUnits = *\n", ":2:")]
    [InlineData("[Helper]\nReboot = true\n", ":2:")]
    [InlineData("[Helper]\nRebootAfter = 5\n", ":2:")]
    [InlineData("[Helper]\nPackages = My-App\n", ":2: Helper Packages = My-App is not understood")]
    [InlineData("[Helper]\nPackages = my-app=1.0\n", ":2:")]
    [InlineData("[Helper]\nPackages = my-app; -o\n", ":2:")]
    [InlineData("[Helper]\nPackageActions = install, purge\n", ":2: Helper PackageActions = install, purge is not understood")]
    [InlineData("Reboot = yes\n", ":1:")]
    [InlineData("[Helper]\nReboot\n", ":2: 'Reboot' is none of")]
    [InlineData("[Helper]\nReboot = no\nReboot = yes\n", ":3:")]
    [InlineData("\0\u0001\uFFFD", ":1:")]
    public void Read_OfWhatIsNotUnderstood_AllowsNothingAndSaysTheLine(string file, string expected) =>
        Assert.Contains(expected, Refusal(file), StringComparison.Ordinal);

    [Fact]
    public void Read_OfAFileThatIsTooLong_AllowsNothing() => Assert.Contains("longer than", Refusal("[Helper]\n" + new string('#', 70_000)), StringComparison.Ordinal);

    [Fact]
    public void Read_WithoutAFile_AllowsNothing() => Assert.Contains(
        "there is no", Assert.Throws<HelperPolicyException>(() => HelperPolicyFile.Read(_folder.File("helper.conf"), FileOwner.OfThisProcess())).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void Read_OfAFileThatOthersMayWrite_AllowsNothing(UnixFileMode more)
    {
        var path = _folder.Write("helper.conf", "[Helper]\nReboot = yes\n");
        File.SetUnixFileMode(path, Private | more);

        Assert.Contains("chmod go-w", Assert.Throws<HelperPolicyException>(() => HelperPolicyFile.Read(path, FileOwner.OfThisProcess())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_InAFolderThatOthersMayWrite_AllowsNothing()
    {
        var path = _folder.Write("open/helper.conf", "[Helper]\nReboot = yes\n");
        File.SetUnixFileMode(path, Private);
        File.SetUnixFileMode(_folder.File("open"), Private | UnixFileMode.UserExecute | UnixFileMode.OtherWrite);

        Assert.Contains("open does not count", Assert.Throws<HelperPolicyException>(() => HelperPolicyFile.Read(path, FileOwner.OfThisProcess())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfAFileOfSomebodyElse_AllowsNothing()
    {
        var path = _folder.Write("helper.conf", "[Helper]\nReboot = yes\n");

        Assert.Throws<HelperPolicyException>(() => HelperPolicyFile.Read(path, FileOwner.OfThisProcess() + 1));
    }

    [Fact]
    public void Read_OfALink_AllowsNothing()
    {
        _folder.Write("real.conf", "[Helper]\nReboot = yes\n");
        File.CreateSymbolicLink(_folder.File("helper.conf"), _folder.File("real.conf"));

        Assert.Contains("it is a link", Assert.Throws<HelperPolicyException>(() => HelperPolicyFile.Read(_folder.File("helper.conf"), FileOwner.OfThisProcess())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AsShipped_AllowsNothing()
    {
        var policy = Read(File.ReadAllText(Path.Combine(FirmwareFolder.Path, "helper.conf")));

        Assert.Equal((0, false, TimeSpan.FromMinutes(2)), (policy.Units.Count, policy.Reboot, policy.RebootAfter));
    }

    [Fact]
    public void Hints_ForWhatTheFleetMayAskForAndTheHelperDoesNot_NameIt()
    {
        var options = new AgentOptions { Commands = { Allow = "restart-unit,reboot", Units = "a.service,b-*.service,c-1.service" } };
        var path = _folder.Write("helper.conf", "[Helper]\nUnits = b-*.service, c-*.service\n");
        File.SetUnixFileMode(path, Private);

        Assert.Equal(
            [
                $"Commands:Units: a.service is not in Units of {path}, so that only polkit can allow it",
                $"Commands:Allow: reboot is allowed, and {path} has no Reboot = yes, so that only polkit can allow it",
            ],
            HelperHints.For(options, path, FileOwner.OfThisProcess()));
        Assert.Contains("there is no", Assert.Single(HelperHints.For(options, path + ".not", FileOwner.OfThisProcess())), StringComparison.Ordinal);
        Assert.Empty(HelperHints.For(new AgentOptions(), path + ".not", FileOwner.OfThisProcess()));
    }

    [Fact]
    public void Packages_AreAllowedByNameAndByWhatIsDone()
    {
        var policy = Read("[Helper]\nPackages = my-app, my-*, lib*-2, *\nPackageActions = install, downgrade\n").Packages;

        Assert.Equal(["my-app", "my-*", "lib*-2", "*"], policy.Names);
        Assert.Equal(["install", "downgrade"], policy.Actions);
        Assert.Equal((0, 0), (Read("").Packages.Names.Count, Read("").Packages.Actions.Count));
    }

    [Fact]
    public void Hints_ForPackages_NameWhatTheFileLacks()
    {
        var options = new AgentOptions { Commands = { Allow = "packages", Packages = "my-app,other" } };
        var path = _folder.Write("helper.conf", "[Helper]\nPackages = my-*\n");
        File.SetUnixFileMode(path, Private);

        Assert.Equal(
            [
                $"Commands:Packages: other is not in Packages of {path}, so that nothing is done with it",
                $"Commands:Allow: packages is allowed, and {path} has no PackageActions, so that nothing is done",
            ],
            HelperHints.For(options, path, FileOwner.OfThisProcess()));
    }

    private HelperPolicy Read(string content)
    {
        var path = _folder.Write("helper.conf", content);
        File.SetUnixFileMode(path, Private);
        return HelperPolicyFile.Read(path, FileOwner.OfThisProcess());
    }

    private string Refusal(string content) => Assert.Throws<HelperPolicyException>(() => Read(content)).Message;
}
