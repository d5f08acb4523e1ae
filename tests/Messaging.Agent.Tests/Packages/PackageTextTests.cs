using System.Text;
using Messaging.Agent.Packages;
using Messaging.Commands;

namespace Messaging.Agent.Tests.Packages;

/// <summary>What goes between the agent, its helper, apt and dpkg.</summary>
public sealed class PackageTextTests
{
    private const string Id = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData($"run {Id} real install - 60 my-app g++=4:12.2.0-3\n")]
    [InlineData($"run {Id} try install dr 604800 my-app\n")]
    [InlineData($"run {Id} real remove - 1 my-app\n")]
    [InlineData($"run {Id} real upgrade r 60\n")]
    [InlineData($"run {Id} real refresh - 60\n")]
    [InlineData($"follow {Id} 4096\n")]
    [InlineData($"cancel {Id}\n")]
    public void Request_OfEachKind_IsReadAsItIsWritten(string line) =>
        Assert.Equal(line, Encoding.ASCII.GetString(PackageRequest.Parse(Encoding.ASCII.GetBytes(line))!.Format()));

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData($"cancel {Id}")]
    [InlineData("cancel ../../../../../etc/0123456789abcd\n")]
    [InlineData("cancel 0123456789ABCDEF0123456789ABCDEF\n")]
    [InlineData($"cancel {Id} \n")]
    [InlineData($"follow {Id} -1\n")]
    [InlineData($"run {Id} real install - 60\n")]
    [InlineData($"run {Id} real install - 60 -o\n")]
    [InlineData($"run {Id} real install - 60 my-app-\n")]
    [InlineData($"run {Id} real install - 60 my-app  my-b\n")]
    [InlineData($"run {Id} real install - 60 my-app;id\n")]
    [InlineData($"run {Id} real install - 0 my-app\n")]
    [InlineData($"run {Id} real install x 60 my-app\n")]
    [InlineData($"run {Id} real explode - 60 my-app\n")]
    [InlineData($"run {Id} maybe install - 60 my-app\n")]
    [InlineData($"run {Id} real remove - 60 my-app=1.0\n")]
    [InlineData($"run {Id} real refresh - 60 my-app\n")]
    [InlineData($"run {Id} real install - 60 my-app\ncancel {Id}\n")]
    public void Request_OfWhatIsNone_IsNotRead(string line) => Assert.Null(PackageRequest.Parse(Encoding.ASCII.GetBytes(line)));

    [Fact]
    public void Request_WithAsMuchAsThereCanBe_Fits()
    {
        var package = new string('a', 128) + "=1" + new string('0', 127);
        var line = $"run {Id} real install dr 604800 {string.Join(' ', Enumerable.Repeat(package, 64))}\n";

        Assert.Equal(64, PackageRequest.Parse(Encoding.ASCII.GetBytes(line))!.Packages.Count);
        Assert.Null(PackageRequest.Parse(Encoding.ASCII.GetBytes($"{line[..^1]} a1\n")));
        Assert.Null(PackageRequest.Parse(Encoding.ASCII.GetBytes(new string('a', PackageRequest.MaxBytes) + "\n")));
    }

    [Theory]
    [InlineData("done 0 my-app 1.0 → 2.0.\n")]
    [InlineData("failed - why\n")]
    [InlineData("cancelled - \n")]
    [InlineData("refused -1 x\n")]
    public void Answer_OfEachKind_IsReadAsItIsWritten(string line) => Assert.Equal(line, Encoding.UTF8.GetString(PackageAnswer.Parse(Encoding.UTF8.GetBytes(line))!.Format()));

    [Theory]
    [InlineData("")]
    [InlineData("done\n")]
    [InlineData("done 0\n")]
    [InlineData("done x y\n")]
    [InlineData("great 0 y\n")]
    public void Answer_OfWhatIsNone_IsNotRead(string line) => Assert.Null(PackageAnswer.Parse(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void Plan_OfApt_IsRead()
    {
        var plan = AptPlan.Parse(
            """
            Reading package lists...
            The following packages will be REMOVED:
              old
            Inst my-lib:armhf [1:1.0-1] (1:2.0-1 Debian:12.5/stable [armhf]) []
            Inst my-app (2.0 Local [all])
            Remv old [3.0] [my-app:amd64 ]
            Purg older [3.1]
            Conf my-app (2.0 Local [all])
            Inst broken
            Inst broken [1.0]
            """);

        Assert.Equal(["change my-lib:armhf 1:1.0-1 -> 1:2.0-1", "install my-app 2.0", "remove old 3.0", "remove older 3.1"], plan.Select(change => change.AsPlan()));
        Assert.Equal("my-lib", plan[0].BareName);
    }

    [Fact]
    public void Snapshot_ComparedWithAnEarlierOne_SaysWhatChanged()
    {
        var before = DpkgSnapshot.Parse("a:all\t1\tinstalled\t10\tno\nb:amd64\t1\tinstalled\t10\tyes\nc:all\t1\tinstalled\t10\t\nd:all\t1\tconfig-files\t10\t\n");
        var after = DpkgSnapshot.Parse("a:all\t2\thalf-configured\t10\tno\nb:amd64\t1\tinstalled\t10\tyes\nc:all\t1\tconfig-files\t10\t\nd:all\t2\tinstalled\t10\t\nnoise\n");

        Assert.Equal(["a 1 → 2", "c 1 removed", "d 2 installed"], after.Since(before).Select(change => change.ToString()));
        Assert.Equal(["a"], after.Unfinished());
        Assert.True(after.Find(new PackageChange("b", "1", null))!.IsEssential);
        Assert.Null(after.Find(new PackageChange("c", "1", null)));
        Assert.Equal("", string.Join(",", before.Unfinished()));
    }

    [Theory]
    [InlineData("install my-app 2.0", PackageAction.Install, "install", null)]
    [InlineData("install other 2.0", PackageAction.Install, "install", "not in Packages of helper.conf")]
    [InlineData("remove my-app 1.0", PackageAction.Install, "install", "remove is not in PackageActions of helper.conf")]
    [InlineData("remove my-app 1.0", PackageAction.Remove, "remove", null)]
    [InlineData("remove my-base 1.0", PackageAction.Remove, "remove", "the system needs it")]
    [InlineData("remove messaging-agent 1.0", PackageAction.Remove, "remove", "it is the agent")]
    [InlineData("install my-app 2.0", PackageAction.Remove, "remove,install", "that removes nothing")]
    [InlineData("install my-app 2.0", PackageAction.Upgrade, "upgrade", "install is not in PackageActions of helper.conf")]
    public void Plan_HeldAgainstTheFile_IsRefusedWithTheReason(string change, PackageAction action, string actions, string? reason)
    {
        var words = change.Split(' ');
        var plan = new PackageChange(words[1], words[0] == "remove" ? words[2] : null, words[0] == "remove" ? null : words[2]);
        var policy = new PackagePolicy("helper.conf", ["my-*", "messaging-agent"], actions.Split(','));
        var request = new PackageRequest { Verb = PackageVerb.Run, Id = Id, Action = action };

        var refusal = policy.Judge(request, [plan], DpkgSnapshot.Parse("my-base:all\t1.0\tinstalled\t1\tyes\nmy-app:all\t1.0\tinstalled\t1\tno\n"));

        Assert.Equal(reason is null ? null : $"it would also {change} ({reason}). Nothing was done.", refusal);
    }

    [Fact]
    public void Apt_IsGivenArgumentsThatNobodyChooses()
    {
        var request = PackageRequest.Parse(Encoding.ASCII.GetBytes($"run {Id} real install d 60 my-app=1.0\n"))!;

        Assert.Equal(
            "-q -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=60 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -s --no-install-recommends --allow-downgrades install my-app=1.0",
            string.Join(' ', new AptPlace("/", 60).Apt(request, "-s")));
    }
}
