using Messaging.Agent.Commands;
using Messaging.Agent.Configuration;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Commands;

public sealed class CommandGateTests
{
    private const long Now = 1_800_000_100_000;
    private static readonly BootId Boot = BootId.Generate();
    private static readonly PrincipalId Device = PrincipalId.FromIdentityKey(IdentityKey.Generate().Public);
    private static readonly PrincipalId Group = PrincipalId.FromIdentityKey(IdentityKey.Generate().Public);
    private readonly Commanding _server = new() { Device = Device };

    [Fact]
    public void Judge_OfAProperCommand_Accepts() => Assert.True(Judge(_server.Make()).IsAccepted);

    [Fact]
    public void Judge_OfACommandToOneOfItsGroups_Accepts() =>
        Assert.True(Judge(_server.Make(change: c => c with { Target = new CommandTarget(CommandTargetKind.Group, Group, 1) })).IsAccepted);

    [Fact]
    public void Judge_OfAStranger_TellsNobody()
    {
        var verdict = Judge(new Commanding { Device = Device }.Make());
        Assert.Equal(("command-unknown-issuer", null), (verdict.Reason, verdict.Report));
    }

    [Fact]
    public void Judge_OfAForgedSignature_TellsNobody()
    {
        using var forger = IdentityKey.Generate();
        var verdict = Judge(Command.Sign(forger, _server.Make().Content));
        Assert.Equal(("command-bad-signature", null), (verdict.Reason, verdict.Report));
    }

    [Fact]
    public void Judge_OfAnotherDevicesCommand_TellsNobody()
    {
        var verdict = Judge(_server.Make(change: c => c with { Target = c.Target with { Id = Group } }));
        Assert.Equal(("command-wrong-target", null), (verdict.Reason, verdict.Report));
        Assert.Equal("command-wrong-target", Judge(_server.Make(change: c => c with { Target = new(CommandTargetKind.Group, Device, 1) })).Reason);
    }

    [Theory]
    [InlineData("command-not-permitted", "viewer", "ping", 0UL)]
    [InlineData("command-not-permitted", "time", "ping", 0UL)]
    [InlineData("command-not-permitted", "server", "run-script", 0UL)]
    [InlineData("command-not-permitted", "server", "format-disk", 0UL)]
    [InlineData("command-unknown-type", "owner", "format-disk", 0UL)]
    [InlineData("command-not-allowed", "operator", "reboot", 0UL)]
    [InlineData("command-replayed", "server", "ping", 1UL)]
    [InlineData("command-bad-arguments", "server", "collect", 0UL)]
    public void Judge_OfWhatIsNotAllowed_Rejects(string reason, string role, string type, ulong floor)
    {
        var verdict = Judge(_server.Make(type), role, floor);
        Assert.Equal((reason, CommandState.Rejected), (verdict.Reason, verdict.Report));
        Assert.NotEmpty(verdict.Message);
    }

    [Fact]
    public void Judge_AfterItsTime_Expires() =>
        Assert.Equal(CommandState.Expired, Judge(_server.Make(change: c => c with { ExpiresAtUnixMs = Now - 1 })).Report);

    [Fact]
    public void Judge_OfADangerousCommand_NeedsThisBootAndADeadline()
    {
        Assert.Equal("command-not-fresh", Judge(_server.Make("run-script")).Reason);
        Assert.Equal(CommandState.Expired, Judge(Fresh(BootId.Generate(), 5000)).Report);
        Assert.Equal(CommandState.Expired, Judge(Fresh(Boot, 999)).Report);
        Assert.True(Judge(Fresh(Boot, 1000)).IsAccepted);

        Command Fresh(BootId boot, ulong deadline) => _server.Make("run-script", change: c => c with { Freshness = new CommandFreshness(boot, deadline) });
    }

    [Fact]
    public void Judge_OfAnIssuerWhoseTimeIsOver_Rejects()
    {
        Assert.Equal("command-issuer-expired", Judge(_server.Make(), notAfter: Now - 1).Reason);
        Assert.True(Judge(_server.Make(), notAfter: Now).IsAccepted);
    }

    [Fact]
    public void Judge_UnderARosterWhoseTimeIsOver_ObeysServersOnly()
    {
        Assert.Equal("command-roster-expired", Judge(_server.Make(), Roles.Owner, expiresAt: Now - 1).Reason);
        Assert.True(Judge(_server.Make(), Roles.Owner, expiresAt: Now).IsAccepted);
        Assert.True(Judge(_server.Make(), Roles.Server, expiresAt: Now - 1).IsAccepted);
        Assert.Equal("command-not-permitted", Judge(_server.Make("run-script"), Roles.Server, expiresAt: Now - 1).Reason);
    }

    [Fact]
    public void Judge_ByTheOwnersRules_WantsSignaturesAndWindows()
    {
        PolicyRule twice = new(["ping"], [Roles.Owner], 2, []);
        PolicyRule atNight = new(["ping"], [Roles.Owner], 1, [new MaintenanceWindow(0b111_1111, 60, 60)]);
        var midnight = Now - (Now % (24 * 3600 * 1000));

        Assert.Equal("command-not-cosigned", Judge(_server.Make(), rules: [twice]).Reason);
        Assert.Equal("command-outside-window", Judge(_server.Make(), rules: [atNight], wall: midnight).Reason);
        Assert.True(Judge(_server.Make(), rules: [atNight], wall: midnight + (90 * 60 * 1000)).IsAccepted);
        Assert.Equal("command-time-unknown", Judge(_server.Make(), rules: [atNight], wall: null).Reason);
    }

    [Theory]
    [InlineData(Roles.Server, "ping", true)]
    [InlineData(Roles.Server, "run-script", false)]
    [InlineData(Roles.Server, null, false)]
    [InlineData(Roles.Operator, "run-script", true)]
    [InlineData(Roles.Operator, "run-inline", false)]
    [InlineData(Roles.Operator, null, true)]
    [InlineData(Roles.Owner, "run-inline", true)]
    [InlineData("viewer", "ping", false)]
    public void Judge_OfACancellation_LetsWhoCouldHaveHadTheOtherRun(string role, string? cancelled, bool isAccepted) =>
        Assert.Equal(isAccepted ? null : "command-not-permitted", Judge(_server.Make("cancel"), role, cancelled: cancelled).Reason);

    [Fact]
    public void Judge_OfACancellation_NeedsNoWindowAndNoSecondSignature()
    {
        PolicyRule rule = new(["ping"], [Roles.Owner], 2, [new MaintenanceWindow(1, 0, 1)]);

        Assert.True(Judge(_server.Make("cancel"), rules: [rule], cancelled: "ping", wall: null).IsAccepted);
        Assert.Equal("command-not-permitted", Judge(_server.Make("cancel"), Roles.Operator, rules: [rule], cancelled: "ping").Reason);
    }

    private CommandVerdict Judge(
        Command command,
        string role = Roles.Owner,
        ulong floor = 0,
        long? expiresAt = null,
        long? notAfter = null,
        IReadOnlyList<PolicyRule>? rules = null,
        long? wall = Now,
        string? cancelled = null)
    {
        ICommandHandler[] handlers = [new FakeHandler("ping"), new FakeHandler("reboot"), new FakeHandler("collect", "no"), new FakeHandler("run-script", fresh: true), new FakeHandler("cancel")];
        var gate = new CommandGate(new CommandPolicy(handlers, new AgentOptions { Commands = { Allow = "ping,collect,run-script" } }));
        var roster = new RosterContent(
            Group, 1, 1, 1, expiresAt, [new RosterPrincipal(_server.Issuer, _server.Key.Public, [], [role], notAfter)], new Policy(rules ?? []), []);
        return gate.Judge(command, roster, new CommandSituation(Device, [Group], Now, wall, Boot, 1000, floor) { CancelledType = cancelled });
    }

    private sealed class FakeHandler(string type, string? problem = null, bool fresh = false) : ICommandHandler
    {
        public string Type => type;

        public bool NeedsFreshness => fresh;

        public string? Check(ReadOnlyMemory<byte> arguments) => problem;

        public Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct) => Task.FromResult(CommandResult.Done());
    }
}
