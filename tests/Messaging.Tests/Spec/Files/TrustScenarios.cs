using System.Security.Cryptography;
using Messaging.Crypto;
using Messaging.Fuzz;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Tests.Spec.Files;

/// <summary>What happens to a fleet, and what its enemies would have happen to it.</summary>
internal static class TrustScenarios
{
    private static readonly PrincipalId Fleet = Samples.ServerId;
    private static readonly RootContent First = new(Fleet, 1, 1_000, Role(1, "root"), Role(1, "owner"));
    private static readonly RootContent Second = new(Fleet, 2, 2_000, Role(1, "root-next"), Role(1, "owner-2"));
    private static readonly RootContent Third = new(Fleet, 3, 3_000, Role(1, "root-next"), Role(2, "owner", "owner-2"));
    private static readonly byte[] RootOne = TrustFile.Root(First, ["root"]);
    private static readonly byte[] RootTwo = TrustFile.Root(Second, ["root", "root-next"]);
    private static readonly byte[] RootThree = TrustFile.Root(Third, ["root-next"]);
    private static readonly string[] OwnerOne = ["owner"];
    private static readonly string[] OwnerTwo = ["owner-2"];
    private static readonly PrincipalId SecondServer = PrincipalId.FromIdentityKey(Maker.Identity("server-2"));
    private static readonly byte[] Pin = SHA256.HashData(FleetRoot.Payload(First));

    public static IReadOnlyList<TrustScenario> All { get; } =
    [
        new("rosters and notices go forward", Pin, [
            ("the first", Bundle(roster: 4, notice: 10)),
            ("the same again", Bundle(roster: 4, notice: 10)),
            ("a newer roster", Bundle(roster: 5, notice: 11)),
            ("the roster before", Bundle(roster: 4, notice: 12)),
            ("a newer notice", Bundle(roster: 5, notice: 12)),
            ("the notice before", Bundle(roster: 5, notice: 11)),
            ("a newer roster with an older notice: the newer notice stays", Bundle(roster: 6, notice: 10)),
        ]),
        new("another fleet", Pin, [
            ("its root is not the pinned one", Bundle(root: First with { FleetId = Samples.DeviceId })),
            ("the first", Bundle()),
            ("the roster is of another fleet", Bundle(roster: 9, change: content => content with { FleetId = Samples.DeviceId })),
            ("the notice is of another fleet", Bundle(roster: 9, changeNotice: content => content with { FleetId = Samples.DeviceId })),
            ("not a bundle", [0x84, 0x01, 0x80, 0x40, 0x40]),
        ]),
        new("a pinned root that its own key has not signed", Pin, [
            ("signed by somebody else", TrustFile.Bundle([TrustFile.Root(First, ["server"])], Roster(First, 1, OwnerOne), Notice(1))),
        ]),
        new("rosters by the wrong hands", Pin, [
            ("the first", Bundle()),
            ("by the server", Bundle(roster: 9, signers: ["server"])),
            ("by the root", Bundle(roster: 9, signers: ["root"])),
            ("by an owner that is none yet", Bundle(roster: 9, signers: ["owner-2"])),
            ("of a root to come", Bundle(roster: 9, change: content => content with { RootVersion = 2 })),
        ]),
        new("notices by the wrong hands", Pin, [
            ("the first", Bundle(notice: 5)),
            ("by the owner", Bundle(notice: 9, noticeSigner: "owner")),
            ("of an operator", Bundle(roster: 9, notice: 9, change: static content => content with { Principals = [content.Principals[0] with { Roles = [Roles.Operator] }] })),
            ("of a server that the roster does not name", Bundle(notice: 9, changeNotice: static content => content with { Server = Samples.DeviceId })),
        ]),
        new("new roots", Pin, [
            ("the first, and the highest roster that there can be", Bundle(roster: ulong.MaxValue, notice: 10)),
            ("a new root without a roster under it", TrustFile.Bundle([RootOne, RootTwo], Roster(First, ulong.MaxValue, OwnerOne), Notice(10))),
            ("a roster of the owner whom the new root leaves out", TrustFile.Bundle([RootOne, RootTwo], Roster(Second, 1, OwnerOne), Notice(10))),
            ("not signed by the root before", TrustFile.Bundle([RootOne, TrustFile.Root(Second, ["root-next"])], Roster(Second, 1, OwnerTwo), Notice(10))),
            ("not signed by itself", TrustFile.Bundle([RootOne, TrustFile.Root(Second, ["root"])], Roster(Second, 1, OwnerTwo), Notice(10))),
            ("the new root, and the lowest roster: it overtakes", TrustFile.Bundle([RootOne, RootTwo], Roster(Second, 1, OwnerTwo), Notice(10))),
            ("the old root again", Bundle(roster: ulong.MaxValue, notice: 11)),
            ("the third, whose owners must both sign", TrustFile.Bundle([RootOne, RootTwo, RootThree], Roster(Third, 1, OwnerTwo), Notice(11))),
            ("and both have", TrustFile.Bundle([RootTwo, RootThree], Roster(Third, 1, ["owner", "owner-2"]), Notice(11))),
        ]),
        new("a device that was away for two roots", Pin, [
            ("the first", Bundle()),
            ("one is missing", TrustFile.Bundle([RootOne, RootThree], Roster(Third, 1, ["owner", "owner-2"]), Notice(2))),
            ("another root of the same number", TrustFile.Bundle([TrustFile.Root(First with { IssuedAtUnixMs = 1 }, ["root"]), RootTwo], Roster(Second, 1, OwnerTwo), Notice(2))),
            ("what comes after the first", TrustFile.Bundle([RootTwo, RootThree], Roster(Third, 1, ["owner", "owner-2"]), Notice(2))),
        ]),
        new("a fleet that moves to another server", Pin, [
            ("the old server, which has spent its highest number", Bundle(roster: 1, notice: ulong.MaxValue)),
            ("both, the new one first, by the old one's notice", Bundle(roster: 2, notice: ulong.MaxValue, change: Both)),
            ("the new one's notice", TwoServers(2, 1)),
            ("the old one's again", Bundle(roster: 2, notice: ulong.MaxValue, change: Both)),
            ("a roster without the old one, by the old one's notice", Bundle(roster: 3, notice: ulong.MaxValue, change: OnlySecond)),
            ("by the new one's", TwoServers(3, 2, OnlySecond)),
        ]),
        new("a server that gets a new identity key", Pin, [
            ("the first", Bundle(roster: 1, notice: 500)),
            ("the new key, and a lower number", Bundle(roster: 2, notice: 3, noticeSigner: "server-2", change: static content => content with
            {
                Principals = [content.Principals[0] with { Identity = Maker.Identity("server-2") }],
            })),
        ]),
    ];

    private static KeyRole Role(int threshold, params string[] keys) => new(threshold, [.. keys.Select(Maker.Identity)]);

    private static RosterContent Both(RosterContent content) => content with
    {
        Principals = [new RosterPrincipal(SecondServer, Maker.Identity("server-2"), [], [Roles.Server]), content.Principals[0]],
    };

    private static RosterContent OnlySecond(RosterContent content) => Both(content) with { Principals = [Both(content).Principals[0]] };

    private static byte[] Bundle(
        RootContent? root = null,
        ulong roster = 1,
        ulong notice = 1,
        string[]? signers = null,
        string noticeSigner = "server",
        Func<RosterContent, RosterContent>? change = null,
        Func<NoticeContent, NoticeContent>? changeNotice = null) => TrustFile.Bundle(
            [TrustFile.Root(root ?? First, ["root"])], Roster(root ?? First, roster, signers ?? OwnerOne, change), Notice(notice, noticeSigner, changeNotice));

    private static byte[] TwoServers(ulong roster, ulong notice, Func<RosterContent, RosterContent>? change = null) =>
        TrustFile.Bundle([RootOne], Roster(First, roster, OwnerOne, change ?? Both), Notice(notice, "server-2", static content => content with
        {
            Server = SecondServer,
            HpkeKeys = [Key("server-2-hpke")],
        }));

    private static HpkePublicKey Key(string name)
    {
        using var key = Maker.Hpke(name);
        return key.Public;
    }

    private static byte[] Roster(RootContent root, ulong version, string[] signers, Func<RosterContent, RosterContent>? change = null)
    {
        var content = new RosterContent(
            root.FleetId, root.Version, version, 5_000, null, [new RosterPrincipal(Samples.ServerId, Samples.Server.Public, [], [Roles.Server])], Policy.Default, []);
        return TrustFile.Signed("messaging/1/roster"u8, Messaging.Rosters.Roster.Payload(change?.Invoke(content) ?? content), signers);
    }

    private static byte[] Notice(ulong number, string signer = "server", Func<NoticeContent, NoticeContent>? change = null)
    {
        var content = new NoticeContent(Fleet, Samples.ServerId, number, 6_000, 1, 1, [Samples.ServerHpke.Public], [], []);
        return TrustFile.Notice(change?.Invoke(content) ?? content, signer);
    }
}
