using Messaging.Cli.Commands;
using Messaging.Cli.Hosting;
using Messaging.Cli.Server;
using Messaging.Cli.Tests.Support;
using Messaging.Cli.Verbs;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Updates.Releases;
using Messaging.Wire;

namespace Messaging.Cli.Tests.Commands;

public sealed class ManyDevicesTests : IDisposable
{
    private readonly OwnedFleet _owned = new();
    private readonly string _file = Path.GetTempFileName();

    public void Dispose()
    {
        File.Delete(_file);
        _owned.Dispose();
    }

    [Fact]
    public void Read_OfEachForm_GivesTheDevices()
    {
        PrincipalId one = Device(1), two = Device(2);
        File.WriteAllText(_file, $"# hall 3\n{one}\n\n  {two.ToString().ToUpperInvariant()} # the other\n{one}\n");

        Assert.Null(DeviceChoice.Read("all"));
        Assert.Equal([one, two], DeviceChoice.Read($"{one}, {two}")!.Order());
        Assert.Equal([one, two], DeviceChoice.Read(_file)!.Order());
    }

    [Fact]
    public void Read_OfWhatIsNone_SaysWhere()
    {
        File.WriteAllText(_file, "# nothing\n");
        Assert.Contains("names no device", Assert.Throws<CliException>(() => DeviceChoice.Read(_file)).Message, StringComparison.Ordinal);
        File.WriteAllText(_file, $"{Device(1)}\nlamp\n");
        Assert.Contains("line 2", Assert.Throws<CliException>(() => DeviceChoice.Read(_file)).Message, StringComparison.Ordinal);
        Assert.Throws<CliException>(static () => DeviceChoice.Read("no-such-file"));
    }

    [Fact]
    public void Members_OfADangerousCommand_AreThoseWhoseBootIsKnown()
    {
        var boot = BootId.Generate();
        var reboot = new CommandPlan(CommandId.Generate(), CommandCatalog.Find("reboot")!, EmptyArguments.Encode(), default, TimeSpan.FromMinutes(10));

        var (set, unbound) = reboot.Members([(Device(1), (boot, 1000)), (Device(2), null)]);

        Assert.Equal(1, unbound);
        Assert.Equal(new CommandFreshness(boot, 1_000 + 600_000 + 5_000), Assert.Single(set!.Members).Freshness);
        Assert.Null(reboot.Members([(Device(2), null)]).Set);
        Assert.Equal(2, (reboot with { Kind = CommandCatalog.Find("ping")! }).Members([(Device(1), null), (Device(2), null)]).Set!.Members.Count);
    }

    [Fact]
    public void OrderText_OfAProposal_SaysWhatTheBytesSay()
    {
        var plan = new CommandPlan(
            CommandId.Generate(), CommandCatalog.Find("run-script")!, new RunScriptArguments("back\u001bup", ["--all"]).Encode(), default, TimeSpan.FromHours(24), DryRun: true);
        var (set, _) = plan.Members(Enumerable.Range(0, 12).Select(i => (Device(i), ((BootId, long)?)(BootId.Generate(), 5L))));
        var order = CommandOrder.Of(Command.SignJointly(plan.ForSet(_owned.OwnerId, 7, 1, set!, _owned.Now), _owned.OwnerKey), set);

        var text = string.Join('\n', OrderText.Of(order, _owned.Trust.Roster));

        Assert.Contains("""arguments ["back?up", ["--all"], null]""", text, StringComparison.Ordinal);
        Assert.Contains("devices   12", text, StringComparison.Ordinal);
        Assert.Contains("and 2 more", text, StringComparison.Ordinal);
        Assert.Contains("dry run", text, StringComparison.Ordinal);
        Assert.Contains($"{_owned.OwnerId} (", text, StringComparison.Ordinal);
        Assert.EndsWith(OrderText.Digest(order), text, StringComparison.Ordinal);
        Assert.NotEqual(OrderText.Digest(order), OrderText.Digest(CommandOrder.Of(Command.SignJointly(order.Command.Content with { DryRun = false }, _owned.OwnerKey), set)));
        using var second = IdentityKey.Generate();
        Assert.Equal(OrderText.Digest(order), OrderText.Digest(CommandOrder.Of(order.Command.SignToo(second), set)));
    }

    [Fact]
    public void OrderText_OfAnUpdate_HidesTheKeyOfTheRelease()
    {
        var key = Enumerable.Repeat((byte)0xd2, UpdateArguments.KeyBytes).ToArray();
        var update = new UpdateArguments { Target = "agents/a", Length = 5, Sha256 = new byte[32], Key = key };
        var plan = new CommandPlan(CommandId.Generate(), CommandCatalog.Find("update")!, update.Encode(), Device(1), TimeSpan.FromHours(24));
        var order = CommandOrder.Of(Command.SignJointly(plan.ForDevice(_owned.OwnerId, 7, 1, null, _owned.Now), _owned.OwnerKey), null);

        var text = string.Join('\n', OrderText.Of(order, _owned.Trust.Roster));

        Assert.Contains("""["agents/a", 5, h'00000""", text, StringComparison.Ordinal);
        Assert.Contains("the key of the release, not shown", text, StringComparison.Ordinal);
        Assert.DoesNotContain("d2d2", text + OrderView.Of(order, _owned.Trust.Roster).Arguments, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("80", "[]")]
    [InlineData("83617803f6", "[\"x\", 3, null]")]
    [InlineData("824101f5", "[h'01', true]")]
    [InlineData("20", "-1")]
    [InlineData("ff", "h'ff'")]
    [InlineData("8180ff", "h'8180ff'")]
    public void CborText_OfAnything_IsALine(string hex, string text) => Assert.Equal(text, CborText.Of(Convert.FromHexString(hex)));

    [Fact]
    public void ProgressLine_OfASet_CountsWhatThereIs()
    {
        var reply = new CommandSetReply("x", "ping", 10, new Dictionary<string, int> { ["waiting"] = 2, ["done"] = 7, ["failed"] = 1, ["ended"] = 8, ["sent"] = 0 });
        Assert.Equal("7 done, 2 waiting, 1 failed of 10", reply.ProgressLine);
        Assert.False(reply.HasEnded || reply.IsDone);
        Assert.True(new CommandSetReply("x", "ping", 1, new Dictionary<string, int> { ["done"] = 1, ["ended"] = 1 }) is { HasEnded: true, IsDone: true });
    }

    private static PrincipalId Device(int number)
    {
        var bytes = new byte[16];
        bytes[0] = (byte)number;
        return PrincipalId.TryRead(bytes, out var id) ? id : default;
    }
}
