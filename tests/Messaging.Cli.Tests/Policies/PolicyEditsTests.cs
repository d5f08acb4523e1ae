using Messaging.Cli.Hosting;
using Messaging.Cli.Policies;
using Messaging.Cli.Tests.Support;
using Messaging.Cli.Trust;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Cli.Tests.Policies;

public sealed class PolicyEditsTests : IDisposable
{
    private readonly OwnedFleet _owned = new();
    private readonly IdentityKey _bob = IdentityKey.Generate();

    private RosterContent Roster => _owned.Trust.Roster;

    public void Dispose()
    {
        _owned.Dispose();
        _bob.Dispose();
    }

    [Fact]
    public void Add_WithoutAPlace_DecidesBeforeAllOthers()
    {
        var first = Add(Roster, Rule([CommandTypes.Reboot]));
        var second = Add(first, Rule([CommandTypes.Shell], roles: []));

        Assert.Equal((Roster.Version + 2, Roster.Principals), (second.Version, second.Principals));
        Assert.Equal(["shell: nobody", "reboot: owner"], second.Policy.Rules.Select(RuleText.Line));
        Assert.Equal(Permission.RoleMissing, second.Policy.Judge(CommandTypes.Shell, [second.Principals[^1]], null));
    }

    [Fact]
    public void Add_OfARuleThatRecords_NamesTheKeyAndComesBackFromAFile()
    {
        using var auditor = HpkeKeyPair.Generate();
        var rule = Rule([CommandTypes.Shell]) with { Recorders = [auditor.Public] };

        var roster = Add(Roster, rule);

        Assert.Equal([$"shell: owner; shells recorded for {auditor.Kid}"], roster.Policy.Rules.Select(RuleText.Line));
        var json = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(PolicyFile.Of(roster.Policy), PolicyJson.Default.PolicyFile);
        Assert.Equal([auditor.Public], Assert.Single(PolicyFile.Parse(json)).Recorders);
        Assert.DoesNotContain("record", System.Text.Encoding.UTF8.GetString(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(PolicyFile.Of(Add(Roster, Rule([CommandTypes.Shell])).Policy), PolicyJson.Default.PolicyFile)), StringComparison.Ordinal);
        Assert.Contains("is not about shell", Assert.Throws<CliException>(() => Add(Roster, rule with { Types = [CommandTypes.Reboot] })).Message, StringComparison.Ordinal);
        Assert.Contains("none twice", Assert.Throws<CliException>(() => Add(Roster, rule with { Recorders = [auditor.Public, auditor.Public] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_AtAPlace_StandsThere()
    {
        var two = Add(Add(Roster, Rule([CommandTypes.Reboot])), Rule([CommandTypes.Shell]));

        Assert.Equal(["shell: owner", "reboot: owner", "*: nobody"], Add(two, Rule(["*"], roles: []), at: 3).Policy.Rules.Select(RuleText.Line));
        AssertRefused("--at is 1 to 3", () => PolicyEdits.Add(two, _owned.Fleet.ServerId, Rule(["app"]), 4, _owned.Now));
        AssertRefused("--at is 1 to 3", () => PolicyEdits.Add(two, _owned.Fleet.ServerId, Rule(["app"]), 0, _owned.Now));
    }

    [Fact]
    public void Set_OfARuleThatWouldNeverDecide_IsRefused()
    {
        AssertRefused("would never decide", () => Set(Rule(["*"]), Rule([CommandTypes.Reboot])));
        AssertRefused("would never decide", () => Set(Rule([CommandTypes.Reboot, CommandTypes.App]), Rule([CommandTypes.App, CommandTypes.Reboot])));
        Set(Rule([CommandTypes.Reboot]), Rule([CommandTypes.App, CommandTypes.Reboot]), Rule(["*"]));
    }

    [Fact]
    public void Set_OfMoreSignaturesThanThereArePeople_IsRefused()
    {
        AssertRefused("names 1 who could sign", () => Set(Rule([CommandTypes.Reboot], signatures: 2)));

        // One whose time is over cannot sign; a second id of the same key is the same person.
        AssertRefused("names 1 who could sign", () => Set(With(_bob.Public, notAfter: _owned.Now.ToUnixTimeMilliseconds()), Rule([CommandTypes.Reboot], signatures: 2)));
        AssertRefused("names 1 who could sign", () => Set(With(_owned.OwnerKey.Public, notAfter: null), Rule([CommandTypes.Reboot], signatures: 2)));
        Set(With(_bob.Public, notAfter: null), Rule([CommandTypes.Reboot], signatures: 2));
    }

    [Fact]
    public void Set_OfWhatNoRuleCanBe_IsRefused()
    {
        AssertRefused("no type of command \"rebot\"", () => Set(Rule(["rebot"])));
        AssertRefused("needs 1 to 64 types", () => Set(Rule([])));
        AssertRefused("stands there once", () => Set(Rule(["app", "app"])));
        AssertRefused("at most 16 roles", () => Set(Rule(["app"], roles: [.. Enumerable.Range(0, 17).Select(static i => $"r{i}")])));
        AssertRefused("1 to 8 signatures", () => Set(Rule(["app"], signatures: 0)));
        AssertRefused("1 to 8 signatures", () => Set(Rule(["app"], signatures: 9)));
        AssertRefused("at most 16 go", () => Set(Rule(["app"]) with { Windows = [.. Enumerable.Range(0, 17).Select(static i => new MaintenanceWindow(1, i, 1))] }));
        AssertRefused("at most 64 rules", () => Set([.. Enumerable.Range(0, 65).Select(static _ => Rule(["app"]))]));
    }

    [Fact]
    public void Remove_ByNumbers_LeavesTheOthers()
    {
        var three = Set(Rule([CommandTypes.Reboot]), Rule([CommandTypes.App]), Rule([CommandTypes.Shell]));

        var next = PolicyEdits.Remove(three, _owned.Fleet.ServerId, [3, 1], _owned.Now);

        Assert.Equal(["app: owner"], next.Policy.Rules.Select(RuleText.Line));
        AssertRefused("1 to 3", () => PolicyEdits.Remove(three, _owned.Fleet.ServerId, [4], _owned.Now));
        AssertRefused("no rules but the defaults", () => PolicyEdits.Remove(Roster, _owned.Fleet.ServerId, [1], _owned.Now));
        Assert.Empty(PolicyEdits.Remove(three, _owned.Fleet.ServerId, [1, 2, 3], _owned.Now).Policy.Rules);
    }

    [Fact]
    public void Difference_OfAPolicy_NamesTheRules()
    {
        var before = Set(Rule([CommandTypes.Reboot]), Rule([CommandTypes.App]));
        var after = Set(Rule([CommandTypes.App]), Rule([CommandTypes.Shell], roles: []), Rule([CommandTypes.Reboot]));

        var lines = TrustDifference.Rules(before.Policy, after.Policy).ToList();

        Assert.Contains("  + rule 2, shell: nobody", lines);
        Assert.Contains(lines, static line => line.Contains("another order", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, static line => line.StartsWith("  - rule", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Sat 02:00-04:00", 0b010_0000, 120, 120)]
    [InlineData("mon-fri, SUN 22:00-02:00 utc", 0b101_1111, 1320, 240)]
    [InlineData("daily 00:00-24:00 UTC", 0b111_1111, 0, 1440)]
    [InlineData("Sat-Mon 23:59-00:00", 0b110_0001, 1439, 1)]
    [InlineData("Mon 06:00-06:00", 0b000_0001, 360, 1440)]
    public void Window_AsPeopleWriteIt_IsRead(string text, int days, int from, int minutes)
    {
        var window = WindowText.Parse(text);

        Assert.Equal(new MaintenanceWindow(days, from, minutes), window);
        Assert.Equal(window, WindowText.Parse(window.Words()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("UTC")]
    [InlineData("Sat")]
    [InlineData("02:00-04:00")]
    [InlineData("Someday 02:00-04:00")]
    [InlineData("Sat- 02:00-04:00")]
    [InlineData("Sat 2:00-4:00")]
    [InlineData("Sat 02:60-04:00")]
    [InlineData("Sat 24:00-24:00")]
    [InlineData("Sat 02:00-25:00")]
    [InlineData("Sat 02:00-04:00 CET")]
    [InlineData("Sat 02:00-+4:00")]
    public void Window_ThatIsNone_IsRefused(string text) => AssertRefused("no maintenance window", () => WindowText.Parse(text));

    [Fact]
    public void File_AsItIsShown_IsReadAgain()
    {
        var rules = Set(Rule([CommandTypes.Reboot]) with { Windows = [new(0b010_0000, 120, 120)] }, Rule(["*"], roles: [])).Policy;

        var json = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(PolicyFile.Of(rules), PolicyJson.Default.PolicyFile);

        Assert.Equal(rules.Rules.Select(RuleText.Line), PolicyFile.Parse(json).Select(RuleText.Line));
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("[]", "line 1")]
    [InlineData("{}", "no \"rules\"")]
    [InlineData("""{"rules":[null]}""", "Rule 1 is null")]
    [InlineData("""{"rules":[{"types":["app"]}]}""", "needs \"types\" and \"roles\"")]
    [InlineData("""{"rules":[{"types":["app"],"roles":[null]}]}""", "needs \"types\" and \"roles\"")]
    [InlineData("""{"rules":[{"types":["app"],"roles":[],"signature":2}]}""", "signature")]
    [InlineData("""{"rules":[{"types":["app"],"roles":[],"windows":["soon"]}]}""", "no maintenance window")]
    public void File_ThatIsNone_IsRefused(string json, string why) => AssertRefused(why, () => PolicyFile.Parse(System.Text.Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void File_ThatIsTooLong_IsRefused() => AssertRefused("at most", () => PolicyFile.Parse(new byte[PolicyFile.MaxBytes + 1]));

    [Fact]
    public void Types_AreAllThatThereAre() => Assert.Equal(
        typeof(CommandTypes).GetFields().Where(static field => field.IsLiteral).Select(static field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal),
        CommandTypes.All.Order(StringComparer.Ordinal));

    private static PolicyRule Rule(IReadOnlyList<string> types, IReadOnlyList<string>? roles = null, int signatures = 1) => new(types, roles ?? [Roles.Owner], signatures, []);

    private static void AssertRefused(string why, Action action) => Assert.Contains(why, Assert.Throws<CliException>(action).Message, StringComparison.Ordinal);

    private RosterContent With(IdentityPublicKey key, long? notAfter) => Roster with
    {
        Principals = [.. Roster.Principals, new RosterPrincipal(PrincipalId.FromIdentityKey(_bob.Public), key, [], [Roles.Owner], notAfter)],
    };

    private RosterContent Set(params IReadOnlyList<PolicyRule> rules) => Set(Roster, rules);

    private RosterContent Set(RosterContent roster, params IReadOnlyList<PolicyRule> rules) => PolicyEdits.Set(roster, _owned.Fleet.ServerId, rules, _owned.Now);

    private RosterContent Add(RosterContent roster, PolicyRule rule, int? at = null) => PolicyEdits.Add(roster, _owned.Fleet.ServerId, rule, at, _owned.Now);
}
