using Messaging.Agent.Clock;
using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Time;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Clock;

public sealed class BeaconJudgeTests
{
    private const long Now = 1_800_000_000_000;
    private const long Hour = 3600 * 1000;
    private static readonly IdentityKey TimeKey = IdentityKey.Generate();
    private static readonly IdentityKey Server = IdentityKey.Generate();
    private static readonly TimeBeaconContent Good = new(Now, PrincipalId.FromIdentityKey(IdentityKey.Generate().Public), BootId.Generate(), 100_000);
    private static readonly BeaconSituation Here = new(
        Good.DeviceId,
        Good.BootId,
        100_500,
        new RosterContent(Good.DeviceId, 1, 1, 0, null, [Principal(Server, Roles.Server), Principal(TimeKey, Roles.Time)], Policy.Default, []),
        Now - Hour,
        Now + (20 * 366 * 24 * Hour),
        null);

    private readonly BeaconJudge _judge = new();

    [Fact]
    public void Judge_OfAGoodBeacon_BelievesItAndNamesTheSigner()
    {
        Assert.Null(_judge.Judge(TimeBeacon.Sign(TimeKey, Good), Here, out var signer));
        Assert.Equal(PrincipalId.FromIdentityKey(TimeKey.Public), signer);
    }

    [Fact]
    public void Judge_OfAnUptimeBeyond32Bits_BelievesIt() =>
        Assert.Null(Judge(Good with { EchoedUptimeMs = uint.MaxValue + 5L }, Here with { UptimeMs = uint.MaxValue + 900L }));

    [Fact]
    public void Judge_OfABeaconByTheServersKey_Refuses() =>
        Assert.Equal("beacon-bad-signature", _judge.Judge(TimeBeacon.Sign(Server, Good), Here, out _));

    [Fact]
    public void Judge_WithoutATimeKeyInTheRoster_Refuses() =>
        Assert.Equal("beacon-bad-signature", Judge(Good, Here with { Roster = Here.Roster with { Principals = [Principal(Server, Roles.Server)] } }));

    [Fact]
    public void Judge_OfAnotherDevicesBeacon_Refuses() =>
        Assert.Equal("beacon-wrong-device", Judge(Good with { DeviceId = PrincipalId.FromIdentityKey(Server.Public) }));

    [Fact]
    public void Judge_OfAnotherBootsBeacon_Refuses() => Assert.Equal("beacon-wrong-boot", Judge(Good with { BootId = BootId.Generate() }));

    [Fact]
    public void Judge_OfAnEchoOfAnUptimeToCome_Refuses() => Assert.Equal("beacon-echo-ahead", Judge(Good with { EchoedUptimeMs = 100_501 }));

    [Theory]
    [InlineData(160_000, null)]
    [InlineData(160_001, "beacon-late")]
    public void Judge_OfABeaconThatWasHeldBack_RefusesAfterAMinute(long uptime, string? reason) =>
        Assert.Equal(reason, Judge(Good, Here with { UptimeMs = uptime }));

    [Theory]
    [InlineData(99_999, null)]
    [InlineData(100_000, "beacon-replayed")]
    [InlineData(100_001, "beacon-replayed")]
    public void Judge_OfAnEchoThatDoesNotRise_Refuses(long lastEcho, string? reason) =>
        Assert.Equal(reason, Judge(Good, Here with { Last = new BeaconSeen(Now - 400, lastEcho, 100_100) }));

    [Theory]
    [InlineData(-Hour, null)]
    [InlineData(-Hour - 1, "beacon-behind")]
    public void Judge_OfATimeBeforeWhatTheRootHasSigned_Refuses(long offset, string? reason) =>
        Assert.Equal(reason, Judge(Good with { UnixMs = Now + offset }));

    [Fact]
    public void Judge_OfATimeAfterAnyDevicesLife_Refuses() => Assert.Equal("beacon-ahead", Judge(Good with { UnixMs = Here.LatestUnixMs + 1 }));

    [Theory]
    [InlineData(Hour, null)]
    [InlineData(Hour + 500, "beacon-jumped")]
    [InlineData(-Hour - 500, "beacon-jumped")]
    public void Judge_OfAJumpWithinTheBoot_Refuses(long jump, string? reason) =>
        Assert.Equal(reason, Judge(Good with { UnixMs = Now + jump }, Here with { RootUnixMs = 0, Last = Before }));

    [Fact]
    public void Judge_OfAJumpThatTheKeyInsistsOn_BelievesItAfterTenMinutes()
    {
        var here = Here with { Last = Before };
        Assert.Equal("beacon-jumped", Judge(At(0), here));
        Assert.Equal("beacon-jumped", Judge(At(599_000), here with { UptimeMs = 699_500 }));

        Assert.Null(Judge(At(601_000), here with { UptimeMs = 701_500 }));

        static TimeBeaconContent At(long later) => Good with { UnixMs = Now + (5 * Hour) + later, EchoedUptimeMs = Good.EchoedUptimeMs + later };
    }

    [Fact]
    public void Judge_OfJumpsThatContradictEachOther_BelievesNone()
    {
        var here = Here with { Last = Before };
        Assert.Equal("beacon-jumped", Judge(Good with { UnixMs = Now + (5 * Hour) }, here));

        Assert.Equal(
            "beacon-jumped",
            Judge(Good with { UnixMs = Now + (50 * Hour), EchoedUptimeMs = 1_000_000 }, here with { UptimeMs = 1_000_500 }));
    }

    private static BeaconSeen Before { get; } = new(Now - 50_000, 50_000, 50_500);

    private static RosterPrincipal Principal(IdentityKey key, string role) => new(PrincipalId.FromIdentityKey(key.Public), key.Public, [], [role]);

    private string? Judge(TimeBeaconContent content, BeaconSituation? here = null) => _judge.Judge(TimeBeacon.Sign(TimeKey, content), here ?? Here, out _);
}
