using System.Text.Json.Nodes;
using Messaging.Audit;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.EndToEnd.Harness;
using Messaging.Epochs;
using Messaging.EvilRelay.Harness;
using Messaging.Rosters;
using Messaging.Streams;
using Messaging.Time;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.EvilRelay;

/// <summary>What whoever has the server's keys, its folder of before the owner came and the relay can do: what servers may, and nothing else.</summary>
[Collection(EvilFleet.Name)]
public sealed class StolenServerTests(EvilFleet evil, Thief thief) : IClassFixture<Thief>
{
    [Fact]
    public async Task StolenServerKey_ForMoreThanServersMay_RunsNothing()
    {
        var runs = evil.Runs();

        await evil.Refused("command-not-permitted", () => Command(thief.Command(evil.Stolen.Server, evil.Stolen.ServerId)));

        Assert.Equal(runs, evil.Runs());
    }

    [Fact]
    public async Task SwapIssuer_OfACommand_RunsNothing()
    {
        using var stranger = IdentityKey.Generate();
        var runs = evil.Runs();

        await evil.Refused("command-bad-signature", () => Command(thief.Command(evil.Stolen.Server, evil.Owner.Id)));
        await evil.Refused("command-unknown-issuer", () => Command(thief.Command(stranger, PrincipalId.FromIdentityKey(stranger.Public))));
        await evil.Refused("command-unknown-issuer", () => Command(thief.Command(evil.Stolen.Root!, PrincipalId.FromIdentityKey(evil.Stolen.Root!.Public))));

        Assert.Equal(runs, evil.Runs());
    }

    [Fact]
    public async Task SwapTarget_OfACommandForAnotherDevice_RunsNothing()
    {
        using var other = IdentityKey.Generate();
        var runs = evil.Runs();

        await evil.Refused("command-wrong-target", () => Command(thief.Command(evil.Owner.Key, evil.Owner.Id, target: PrincipalId.FromIdentityKey(other.Public))));

        Assert.Equal(runs, evil.Runs());
    }

    [Fact]
    public async Task SwapSet_OfACommandForOthers_RunsNothing()
    {
        using IdentityKey one = IdentityKey.Generate(), two = IdentityKey.Generate();
        var runs = evil.Runs();
        var others = new DeviceSet([new(PrincipalId.FromIdentityKey(one.Public), evil.Boot), new(PrincipalId.FromIdentityKey(two.Public), evil.Boot)]);
        var mine = new DeviceSet([new(evil.DeviceId, evil.Boot), new(PrincipalId.FromIdentityKey(one.Public), evil.Boot)]);
        var signed = thief.SetCommand(evil.Owner.Key, evil.Owner.Id, others.Root);
        var right = CommandDelivery.Of(signed, mine, mine.IndexOf(evil.DeviceId)).Bytes.ToArray();

        await evil.Refused("command-not-in-set", () => thief.Say(RecordType.Command, [
            CommandDelivery.Of(signed, others, 0).Bytes.ToArray(),
            CommandDelivery.Of(signed, others, 1).Bytes.ToArray(),
            right,
        ]));

        // The thief's own signature makes it a set with the device, and him nobody who may.
        await evil.Refused("command-bad-signature", () => thief.Say(
            RecordType.Command, CommandDelivery.Of(thief.SetCommand(one, evil.Owner.Id, mine.Root), mine, mine.IndexOf(evil.DeviceId)).Bytes.ToArray()));
        await evil.Refused("command-malformed", () => thief.Say(RecordType.Command, right[..^1]));
        Assert.Equal(runs, evil.Runs());
    }

    [Fact]
    public async Task SwapTarget_OfAnEpochForAnotherDevice_OpensNothing()
    {
        using var other = HpkeKeyPair.Generate();
        using var epoch = EpochSender.Open(
            evil.Stolen.Server, evil.Stolen.ServerId, new EpochParameters(long.MaxValue, BootId.Generate(), 1, null, 1), [other.Public]);

        await evil.Refused("epoch-not-for-this-device", () => evil.Inject(epoch.OpenFrame.ToArray()));
    }

    [Fact]
    public async Task Replay_OfACommandUnderItsId_RunsNothing()
    {
        var command = evil.Command("count");
        Assert.Equal("done", await evil.Run(command));
        var runs = evil.Runs();

        // The owner's very bytes again, in a record that is new.
        await Command(command);
        await evil.Refused("command-id-reused", () => Command(thief.Command(evil.Owner.Key, evil.Owner.Id, id: command.Content.Id)));

        Assert.Equal(runs, evil.Runs());
    }

    [Fact]
    public async Task OldRoster_OfBeforeTheOwnerCame_ChangesNothing() =>
        await TrustStays(() => evil.Refused("trust-older", () => thief.Say(RecordType.Trust, evil.FirstTrust)));

    [Fact]
    public async Task ForgedTrust_ByTheKeysThatWereStolen_ChangesNothing()
    {
        var trust = await evil.Trust();
        var bundle = trust.Bundle;
        var stolen = evil.Stolen.Root!;
        var next = trust.Roster with
        {
            Version = trust.Roster.Version + 1,
            Principals = [new RosterPrincipal(evil.Stolen.ServerId, evil.Stolen.Server.Public, [], [Roles.Server, Roles.Operator, Roles.Owner])],
        };
        var root = trust.Root with { Version = trust.Root.Version + 1, Root = new KeyRole(1, stolen.Public), Owner = new KeyRole(1, stolen.Public) };
        var roster = Roster.Sign(next, stolen);
        using var stranger = IdentityKey.Generate();

        await TrustStays(async () =>
        {
            await evil.Refused("trust-roster-not-signed", () => Trust(bundle with { Roster = roster }));
            await evil.Refused("trust-roster-not-signed", () => Trust(bundle with { Roster = Roster.Sign(next, evil.Stolen.Server) }));
            await evil.Refused("trust-root-not-signed", () => Trust(bundle with { Roots = [.. bundle.Roots, FleetRoot.Sign(root, stolen)] }));
            await evil.Refused("trust-unknown-root", () => Trust(bundle with { Roots = [FleetRoot.Sign(trust.Root with { IssuedAtUnixMs = 1 }, stolen)] }));
            await evil.Refused("trust-notice-not-signed", () => Trust(bundle with { Notice = ServerNotice.Sign(stranger, trust.Notice with { Number = ulong.MaxValue }) }));
            await evil.Refused("trust-malformed", () => thief.Say(RecordType.Trust, [0x84, 0x01]));
        });
    }

    [Fact]
    public async Task Clock_FarAheadOrBack_IsNotTaken()
    {
        var known = NotBefore(await evil.Status());

        await evil.Refused("beacon-ahead", () => Beacon(evil.Stolen.Time, known.AddYears(100)));
        await evil.Refused("beacon-behind", () => Beacon(evil.Stolen.Time, DateTimeOffset.UnixEpoch.AddDays(1)));
        await evil.Refused("beacon-jumped", () => Beacon(evil.Stolen.Time, known.AddDays(1)));
        await evil.Refused("beacon-bad-signature", () => Beacon(evil.Stolen.Server, known.AddMinutes(1)));
        await evil.Refused("beacon-wrong-boot", () => Beacon(evil.Stolen.Time, known, BootId.Generate()));

        Assert.InRange(NotBefore(await evil.Status()), known, known.AddMinutes(5));

        async Task Beacon(IdentityKey key, DateTimeOffset time, BootId? other = null)
        {
            var uptime = (await evil.Status())["time"]!["uptime"]!.GetValue<long>();
            var content = new TimeBeaconContent(time.ToUnixTimeMilliseconds(), evil.DeviceId, other ?? evil.Boot.BootId, uptime);
            await thief.Say(RecordType.TimeBeacon, TimeBeacon.Sign(key, content).Bytes.ToArray());
        }
    }

    [Fact]
    public async Task CommandBehindTheLog_ByTheStolenKey_IsFoundByTheComparison()
    {
        var command = thief.Ping();
        var id = command.Content.Id.ToString();

        await Command(command);

        await evil.Finding("command-unknown", id);
        var (code, output) = await evil.FleetCtl("audit", "compare", "--json");
        Assert.Equal(1, code);
        Assert.Contains(
            JsonNode.Parse(output)!["findings"]!.AsArray(),
            one => one!["kind"]!.GetValue<string>() == "command-unknown" && one["subject"]!.GetValue<string>() == id);
    }

    [Fact]
    public async Task RewrittenLog_ShownToADevice_IsRefusedByTheWitness()
    {
        var seen = (await evil.Until("the device has seen the log", static status => status["audit"]?["witness"] is not null))["audit"]!["witness"]!;
        Assert.True(ChainId.TryParse(seen["log"]!.GetValue<string>(), out var log));
        var number = seen["number"]!.GetValue<long>();
        using var stranger = IdentityKey.Generate();

        await evil.Refused("audit-log-forked", () => Checkpoint(evil.Stolen.Server, number));
        await evil.Refused("audit-not-signed", () => Checkpoint(stranger, number + 1));

        Assert.Equal(number, (await evil.Status())["audit"]!["witness"]!["number"]!.GetValue<long>());

        Task Checkpoint(IdentityKey key, long shown) =>
            thief.Say(RecordType.AuditCheckpoint, LogCheckpoint.Sign(key, evil.Stolen.ServerId, log, shown, new byte[32], Owner.Now).Bytes.ToArray());
    }

    [Fact]
    public async Task BitFlips_InEveryByteOfWhatOthersSigned_ChangeNothing()
    {
        var runs = evil.Runs();
        var signed = thief.Command(evil.Owner.Key, evil.Owner.Id).Bytes.ToArray();
        var bundle = (await evil.Trust()).Bundle;

        // The signatures of a root that the device has already are not looked at again; whatever else is changed is refused.
        var last = bundle with { Roots = [bundle.Roots[^1]] };
        var trust = last.Encode();
        var (commands, trusts) = (await Sum("command-"), await Sum("trust-"));
        await TrustStays(async () =>
        {
            await thief.Say(RecordType.Command, Frames.Flipped(signed));
            await thief.Say(RecordType.Trust, Frames.Flipped(trust));
            await Refuses("command-", commands + signed.Length);
            await Refuses("trust-", trusts + trust.Length - last.Roots[0].Bytes.Length);
        });

        Assert.Equal(runs, evil.Runs());

        Task Refuses(string what, long times) => Eventually.Is($"{what} is refused {times} times", TimeSpan.FromSeconds(60), async () => await Sum(what) >= times);

        async Task<long> Sum(string what) => (await evil.Refusals()).Where(one => one.Key.StartsWith(what, StringComparison.Ordinal)).Sum(static one => one.Value);
    }

    private static DateTimeOffset NotBefore(System.Text.Json.Nodes.JsonNode status) => status["time"]!["notBefore"]!.GetValue<DateTimeOffset>();

    private Task Command(Command command) => thief.Say(RecordType.Command, command.Bytes.ToArray());

    private Task Trust(TrustBundle bundle) => thief.Say(RecordType.Trust, bundle.Encode());

    private async Task TrustStays(Func<Task> attack)
    {
        var before = (await evil.Status())["enrolment"]!.ToJsonString();
        await attack();
        Assert.Equal(before, (await evil.Status())["enrolment"]!.ToJsonString());
    }
}
