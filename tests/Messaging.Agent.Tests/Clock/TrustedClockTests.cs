using Messaging.Agent.Clock;
using Messaging.Agent.Tests.Support;
using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Time;
using Messaging.Trust;
using Messaging.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Clock;

public sealed class TrustedClockTests
{
    private const long Day = 24 * 3600 * 1000;
    private static readonly long Built = BuildTime.UnixMs;
    private readonly FakeTimeProvider _time = new();
    private readonly IdentityKey _server = IdentityKey.Generate();
    private readonly IdentityKey _timeKey = IdentityKey.Generate();
    private readonly TrustedClock _clock;

    public TrustedClockTests() => _clock = New();

    private PrincipalId Server => PrincipalId.FromIdentityKey(_server.Public);

    private PrincipalId TimeKey => PrincipalId.FromIdentityKey(_timeKey.Public);

    [Fact]
    public void LowerBound_WithNothingSigned_IsTheBuildTimeAndGoesOnWithTheUptime()
    {
        Assert.Equal(Built, _clock.LowerBoundUnixMs);

        _time.Advance(TimeSpan.FromDays(50));

        Assert.Equal(Built + (50 * Day), _clock.LowerBoundUnixMs);
    }

    [Fact]
    public void RaiseRoot_ToAnEarlierTime_ChangesNothing()
    {
        _clock.RaiseRoot(Built + Day);
        _clock.RaiseRoot(Built + 5);

        Assert.Equal(Built + Day, _clock.LowerBoundUnixMs);
    }

    [Fact]
    public void State_NewestWordOfAKey_CountsAndNotItsHighest()
    {
        _clock.State(Server, Built + (3650 * Day));
        Assert.Equal(Built + (3650 * Day), _clock.LowerBoundUnixMs);

        _clock.State(Server, Built + (2 * Day));

        Assert.Equal(Built + (2 * Day), _clock.LowerBoundUnixMs);
    }

    [Fact]
    public void Beacon_OfThisBoot_IsTheTimeThatGoesOnWithTheUptime()
    {
        _clock.State(Server, Built + Day);
        Assert.Null(_clock.BeaconUnixMs);

        Take(Built + (5 * Day));
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(_clock.LowerBoundUnixMs, _clock.BeaconUnixMs);
        Assert.Equal(Built + (5 * Day) + 3_600_000, _clock.BeaconUnixMs);
    }

    [Fact]
    public void State_LongAfterAnyDevicesLife_IsPassedOver()
    {
        _clock.State(Server, Built + (366L * 21 * Day));
        _clock.RaiseRoot(Built + (366L * 21 * Day));

        Assert.Equal(Built, _clock.LowerBoundUnixMs);
    }

    [Fact]
    public void State_AfterABeacon_ChangesNothing()
    {
        Take(Built + (5 * Day));

        _clock.State(Server, Built + (3650 * Day));

        Assert.Equal(Built + (5 * Day), _clock.LowerBoundUnixMs);
    }

    [Fact]
    public void Take_AfterAFalseStatement_SetsItRight()
    {
        _clock.State(Server, Built + (3650 * Day));

        Take(Built + (5 * Day));

        Assert.Equal(Built + (5 * Day), _clock.LowerBoundUnixMs);
    }

    [Fact]
    public void Follow_WithoutTheKeyThatLied_ForgetsWhatItSaid()
    {
        _clock.State(Server, Built + (3650 * Day));

        _clock.Follow(Fleet(Built + Day));

        Assert.Equal(Built + Day, _clock.LowerBoundUnixMs);
    }

    [Fact]
    public void Follow_WithoutTheTimeKey_ForgetsItsBeacon()
    {
        Take(Built + (3650 * Day));

        _clock.Follow(Fleet(Built + Day, (_server, Roles.Server)));

        Assert.Null(_clock.Beacon);
        Assert.Equal(Built + Day, _clock.LowerBoundUnixMs);
    }

    [Fact]
    public void Follow_WithTheSameKeys_KeepsWhatTheySaid()
    {
        _clock.State(Server, Built + (9 * Day));

        _clock.Follow(Fleet(Built + Day, (_server, Roles.Server), (_timeKey, Roles.Time)));

        Assert.Equal(Built + (9 * Day), _clock.LowerBoundUnixMs);
    }

    [Fact]
    public void Restore_OfATimeFarAhead_BelievesNoMoreThanThirtyDaysBeyondTheRoot()
    {
        _clock.RaiseRoot(Built + (100 * Day));
        _clock.State(Server, Built + (3650 * Day));

        var next = New();
        next.Restore(_clock.Snapshot());

        Assert.Equal(Built + (130 * Day), next.LowerBoundUnixMs);
        Assert.Equal(Built + (100 * Day), next.RootUnixMs);
    }

    [Fact]
    public void Restore_OverManyStartsOfALiar_NeverGetsFurther()
    {
        var kept = _clock.Snapshot();
        for (var start = 0; start < 50; start++)
        {
            var clock = New();
            clock.Restore(kept);
            clock.State(Server, Built + (3650 * Day));
            kept = clock.Snapshot();
        }

        Assert.Equal(Built + (30 * Day), kept.StatedUnixMs);
        Assert.Equal(Built, kept.RootUnixMs);
    }

    [Fact]
    public void Restore_ThenATrueWordOfTheSameKey_HealsAtOnce()
    {
        _clock.State(Server, Built + (3650 * Day));
        var next = New();
        next.Restore(_clock.Snapshot());

        next.State(Server, Built + Day);

        Assert.Equal(Built + Day, next.LowerBoundUnixMs);
    }

    [Fact]
    public void Restore_OfATimeWithoutASigner_IsTheServersOnceARosterTellsWhoThatIs()
    {
        _clock.Restore(new TrustedTime(0, Built + (7 * Day), null));

        _clock.Follow(Fleet(Built, (_server, Roles.Server)));

        Assert.Equal(Built + (7 * Day), _clock.LowerBoundUnixMs);
        Assert.Equal(Server, _clock.Snapshot().StatedBy);
    }

    [Fact]
    public void Snapshot_AfterTimePassed_HasIt()
    {
        _clock.State(Server, Built + Day);
        _time.Advance(TimeSpan.FromHours(5));

        Assert.Equal(new TrustedTime(Built + (5 * 3600 * 1000), Built + Day + (5 * 3600 * 1000), Server), _clock.Snapshot());
    }

    private TrustedClock New() => new(new FakeBoot(_time));

    private void Take(long unixMs) => _clock.Take(TimeKey, new BeaconSeen(unixMs, 900, 1000));

    /// <summary>Of the server, unless it was replaced by another one.</summary>
    private FleetTrust Fleet(long issuedAt, params (IdentityKey Key, string Role)[] principals)
    {
        using var root = IdentityKey.Generate();
        using var another = IdentityKey.Generate();
        using var hpke = HpkeKeyPair.Generate();
        var server = principals.Any(one => one.Key == _server) ? _server : another;
        return TrustMaker.Verified(TrustMaker.Make(
            root,
            server,
            hpke.Public,
            issuedAt: issuedAt,
            others: [.. principals.Where(one => one.Key != server).Select(one => new RosterPrincipal(PrincipalId.FromIdentityKey(one.Key.Public), one.Key.Public, [], [one.Role]))]));
    }
}
