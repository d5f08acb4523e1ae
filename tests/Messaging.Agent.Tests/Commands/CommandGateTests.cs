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
    private static readonly PrincipalId Another = PrincipalId.FromIdentityKey(IdentityKey.Generate().Public);
    private readonly Commanding _server = new() { Device = Device };

    [Fact]
    public void Judge_OfAProperCommand_Accepts() => Assert.True(Judge(_server.Make()).IsAccepted);

    [Fact]
    public void Judge_OfACommandToASet_AcceptsForItsMembersOnly()
    {
        var set = new DeviceSet([new(Device, null), new(Another, null), new(_server.Issuer, null)]);
        var command = _server.Make(change: c => c with { Target = CommandTarget.Of(set.Root, 1) });
        var mine = set.IndexOf(Device);
        Assert.True(Judge(CommandDelivery.Of(command, set, mine)).IsAccepted);
        Assert.Equal(("command-not-in-set", null), Reason(Judge(CommandDelivery.Of(command, set, set.IndexOf(Another)))));

        // The server makes a set that has this device, and gives it with a command that was signed for another set.
        var without = new DeviceSet([new(Another, null), new(_server.Issuer, null)]);
        var elsewhere = _server.Make(change: c => c with { Target = CommandTarget.Of(without.Root, 1) });
        Assert.Equal("command-not-in-set", Judge(CommandDelivery.Of(elsewhere, set, mine)).Reason);
        Assert.Equal("command-not-in-set", Judge(CommandDelivery.Of(elsewhere, without, 0)).Reason);
        Assert.Equal("command-replayed", Judge(CommandDelivery.Of(command, set, mine), floor: command.Content.IssuerSeq).Reason);
    }

    [Fact]
    public void Judge_OfADangerousCommandToASet_BindsEachMemberToItsBoot()
    {
        Assert.True(Judge(To(Boot, 1000)).IsAccepted);
        Assert.Equal(CommandState.Expired, Judge(To(BootId.Generate(), 5000)).Report);
        Assert.Equal(CommandState.Expired, Judge(To(Boot, 999)).Report);
        var unbound = new DeviceSet([new(Device, null)]);
        Assert.Equal("command-not-fresh", Judge(CommandDelivery.Of(_server.Make("run-script", change: c => c with { Target = CommandTarget.Of(unbound.Root, 1) }), unbound, 0)).Reason);

        CommandDelivery To(BootId boot, ulong deadline)
        {
            var set = new DeviceSet([new(Device, new CommandFreshness(boot, deadline)), new(Another, new CommandFreshness(Boot, 1))]);
            return CommandDelivery.Of(_server.Make("run-script", change: c => c with { Target = CommandTarget.Of(set.Root, 1) }), set, set.IndexOf(Device));
        }
    }

    [Fact]
    public void Judge_OfACommandThatTwoMustSign_CountsDistinctKeysWithTheRole()
    {
        using IdentityKey second = IdentityKey.Generate(), viewer = IdentityKey.Generate(), expired = IdentityKey.Generate(), stranger = IdentityKey.Generate();
        PolicyRule twice = new(["ping"], [Roles.Owner], 2, []);
        RosterPrincipal[] others =
        [
            new(PrincipalId.FromIdentityKey(second.Public), second.Public, [], [Roles.Owner]),
            new(PrincipalId.FromIdentityKey(viewer.Public), viewer.Public, [], ["viewer"]),
            new(PrincipalId.FromIdentityKey(expired.Public), expired.Public, [], [Roles.Owner], Now - 1),
        ];
        var content = _server.Make().Content;
        var first = Command.SignJointly(content, _server.Key);

        Assert.True(By(first.SignToo(second)).IsAccepted);
        Assert.Equal(("command-not-cosigned", CommandState.Rejected), Reason(By(first)));
        Assert.Equal("command-not-cosigned", By(first.SignToo(_server.Key)).Reason);
        Assert.Equal("command-not-permitted", By(first.SignToo(viewer)).Reason);
        Assert.Equal("command-signer-expired", By(first.SignToo(expired)).Reason);
        Assert.Equal("command-unknown-signer", By(first.SignToo(stranger)).Reason);
        Assert.Equal("command-bad-signature", By(Command.SignJointly(content, second)).Reason);

        // The second's signature over another command, put under this one.
        var elsewhere = Command.SignJointly(content with { IssuerSeq = 99 }, second);
        var (right, other) = (first.Bytes.ToArray(), elsewhere.Bytes.ToArray());
        var spliced = first.SignToo(second).Bytes.ToArray();
        other.AsSpan(^64).CopyTo(spliced.AsSpan(spliced.AsSpan().IndexOf(Kid(second)) + 10));
        Assert.NotEqual(right, spliced);
        Assert.True(Command.TryParse(spliced, out var forged));
        Assert.Equal("command-bad-cosignature", By(forged).Reason);

        CommandVerdict By(Command command) => Judge(command, rules: [twice], others: others);
        static byte[] Kid(IdentityKey key) => [.. key.Public.Fingerprint[..8]];
    }

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
        var verdict = Judge(_server.Make(change: c => c with { Target = c.Target with { Id = Another } }));
        Assert.Equal(("command-wrong-target", null), (verdict.Reason, verdict.Report));
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
    public void Judge_ByTheOwnersRules_WantsSignaturesAndWaitsForWindows()
    {
        PolicyRule twice = new(["ping"], [Roles.Owner], 2, []);
        PolicyRule atNight = new(["ping"], [Roles.Owner], 1, [new MaintenanceWindow(0b111_1111, 60, 60)]);
        var midnight = Now - (Now % (24 * 3600 * 1000));

        Assert.Equal("command-not-cosigned", Judge(_server.Make(), rules: [twice]).Reason);
        var early = Judge(_server.Make(), rules: [atNight], wall: midnight);
        Assert.True(early is { IsAccepted: true, Waits: true });
        Assert.Equal("It waits for the maintenance window daily 01:00-02:00 UTC, which opens 2027-01-15 01:00 UTC.", early.Message);
        Assert.True(Judge(_server.Make(), rules: [atNight], wall: midnight + (90 * 60 * 1000)) is { IsAccepted: true, Waits: false });
        Assert.Contains("to know the time", Judge(_server.Make(), rules: [atNight], wall: null).Message, StringComparison.Ordinal);
        Assert.Equal("command-bad-arguments", Judge(_server.Make("collect"), rules: [atNight with { Types = ["*"] }], wall: midnight).Reason);
    }

    [Fact]
    public void JudgeAgain_OfOneThatWaited_AsksForWhoSignedItButNotForItsBoot()
    {
        PolicyRule atNight = new(["*"], [Roles.Owner], 1, [new MaintenanceWindow(0b111_1111, 60, 60)]);
        var midnight = Now - (Now % (24 * 3600 * 1000));
        var inWindow = midnight + (90 * 60 * 1000);
        var command = _server.Make("run-script", change: c => c with { Freshness = new CommandFreshness(Boot, 1000) });

        Assert.True(Again(command, inWindow) is { IsAccepted: true, Waits: false });
        Assert.True(Again(command, midnight).Waits);
        Assert.True(Again(_server.Make("run-script", change: c => c with { Freshness = new CommandFreshness(BootId.Generate(), 1) }), inWindow).IsAccepted);
        Assert.Equal("command-expired", Again(_server.Make("run-script", change: c => c with { Freshness = new CommandFreshness(Boot, 999) }), inWindow).Reason);
        Assert.Equal("command-expired", Again(command, command.Content.ExpiresAtUnixMs + 1).Reason);
        Assert.Equal("command-unknown-issuer", Again(new Commanding { Device = Device }.Make(), inWindow).Reason);
        Assert.Equal("command-issuer-expired", Again(command, inWindow, notAfter: Now - 1).Reason);

        CommandVerdict Again(Command one, long wall, long? notAfter = null) =>
            Gate().JudgeAgain(CommandDelivery.Of(one), Roster(Roles.Owner, null, notAfter, [atNight], []), Situation(wall, ulong.MaxValue));
    }

    [Fact]
    public void JudgeUnderWay_OfOneThatHasBegun_AsksForWhoSignedItAndWaitsForWhoExpired()
    {
        var begun = _server.Make(change: c => c with { ExpiresAtUnixMs = Now - 1, Freshness = new CommandFreshness(BootId.Generate(), 1) });

        Assert.True(UnderWay(begun) is { IsAccepted: true, Waits: false });
        Assert.True(UnderWay(begun, notAfter: Now) is { IsAccepted: true, Waits: false });
        Assert.True(UnderWay(begun, notAfter: Now - 1) is { IsAccepted: true, Waits: true });
        Assert.True(UnderWay(begun, expiresAt: Now - 1) is { IsAccepted: true, Waits: true });
        Assert.True(UnderWay(begun, Roles.Server, expiresAt: Now - 1) is { IsAccepted: true, Waits: false });

        // Who was let go and has expired as well was let go.
        Assert.Equal(("command-not-permitted", CommandState.Rejected), Reason(UnderWay(begun, "viewer", notAfter: Now - 1)));
        Assert.Equal(("command-unknown-issuer", CommandState.Rejected), Reason(UnderWay(new Commanding { Device = Device }.Make())));
        Assert.Equal("command-not-cosigned", UnderWay(begun, rules: [new PolicyRule(["ping"], [Roles.Owner], 2, [])]).Reason);
        Assert.Equal("command-not-allowed", UnderWay(_server.Make("reboot")).Reason);

        CommandVerdict UnderWay(Command one, string role = Roles.Owner, long? expiresAt = null, long? notAfter = null, IReadOnlyList<PolicyRule>? rules = null) =>
            Gate().JudgeUnderWay(CommandDelivery.Of(one), Roster(role, expiresAt, notAfter, rules ?? [], []), Situation(Now, ulong.MaxValue));
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

    /// <summary>Owners name roles as they like, such as one of keys that bring updates and nothing else.</summary>
    [Theory]
    [InlineData("ping", "update", true)]
    [InlineData("ping", Roles.Owner, true)]
    [InlineData("ping", Roles.Operator, false)]
    [InlineData("ping", Roles.Server, false)]
    [InlineData("collect", "update", false)]
    [InlineData("run-script", "update", false)]
    public void Judge_OfARoleThatOwnersNamed_MayWhatTheirRuleSaysAlone(string type, string role, bool isAccepted)
    {
        PolicyRule rule = new(["ping"], ["update", Roles.Owner], 1, []);

        Assert.Equal(isAccepted ? null : "command-not-permitted", Judge(_server.Make(type), role, rules: [rule]).Reason);
    }

    /// <summary>A type that holds others is no way around what the fleet's owners say of those.</summary>
    [Fact]
    public void Judge_OfATypeThatStandsForOthers_WantsWhatAllOfThemWant()
    {
        PolicyRule two = new(["reboot"], [Roles.Owner], 2, []);
        PolicyRule never = new(["reboot"], [Roles.Owner], 1, [new MaintenanceWindow(1, 0, 1)]);

        Assert.True(Judge(_server.Make("ping"), Roles.Operator).IsAccepted);
        Assert.Equal("command-not-permitted", Judge(_server.Make("ping"), Roles.Server, stands: "reboot").Reason);
        Assert.Contains("in this ping", Judge(_server.Make("ping"), Roles.Server, stands: "reboot").Message, StringComparison.Ordinal);
        Assert.Equal("command-not-cosigned", Judge(_server.Make("ping"), rules: [two], stands: "reboot").Reason);
        Assert.True(Judge(_server.Make("ping"), rules: [never], wall: null, stands: "reboot").Waits);
        Assert.False(Judge(_server.Make("ping"), rules: [never], wall: null).Waits);
    }

    private static (string? Reason, CommandState? Report) Reason(CommandVerdict verdict) => (verdict.Reason, verdict.Report);

    private static CommandGate Gate(string? stands = null)
    {
        ICommandHandler[] handlers = [new FakeHandler("ping", stands: stands), new FakeHandler("reboot"), new FakeHandler("collect", "no"), new FakeHandler("run-script", fresh: true), new FakeHandler("cancel")];
        return new CommandGate(new CommandPolicy(handlers, new AgentOptions { Commands = { Allow = "ping,collect,run-script" } }));
    }

    private static CommandSituation Situation(long? wall, ulong floor) => new(Device, Now, wall, Boot, 1000, floor);

    private RosterContent Roster(string role, long? expiresAt, long? notAfter, IReadOnlyList<PolicyRule> rules, IReadOnlyList<RosterPrincipal> others) => new(
        Another, 1, 1, 1, expiresAt, [new RosterPrincipal(_server.Issuer, _server.Key.Public, [], [role], notAfter), .. others], new Policy(rules), []);

    private CommandVerdict Judge(
        Command command,
        string role = Roles.Owner,
        ulong floor = 0,
        long? expiresAt = null,
        long? notAfter = null,
        IReadOnlyList<PolicyRule>? rules = null,
        long? wall = Now,
        IReadOnlyList<RosterPrincipal>? others = null,
        string? cancelled = null,
        string? stands = null) =>
        Gate(stands).Judge(CommandDelivery.Of(command), Roster(role, expiresAt, notAfter, rules ?? [], others ?? []), Situation(wall, floor) with { CancelledType = cancelled });

    private CommandVerdict Judge(CommandDelivery delivery, ulong floor = 0) =>
        Gate().Judge(delivery, Roster(Roles.Owner, null, null, [], []), Situation(Now, floor));

    private sealed class FakeHandler(string type, string? problem = null, bool fresh = false, string? stands = null) : ICommandHandler
    {
        public string Type => type;

        public bool NeedsFreshness => fresh;

        public string? Check(ReadOnlyMemory<byte> arguments) => problem;

        public IEnumerable<string> Stands(ReadOnlyMemory<byte> arguments) => stands is null ? [] : [stands];

        public Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct) => Task.FromResult(CommandResult.Done());
    }
}
