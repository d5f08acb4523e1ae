using CsCheck;
using Messaging.Fuzz;
using Messaging.Tests.Support;
using Messaging.Wire;

namespace Messaging.Tests.Wire;

public sealed class RelayMessageTests
{
    [Fact]
    public void DirectoryUpdate_Any_RoundTripsStrictly()
    {
        var entries =
            from id in Gens.Principal
            from status in Gen.Enum<DirectoryStatus>()
            from groups in Gens.Principal.Array[0, 4]
            select new DirectoryEntry(id, Samples.Device.Public.Point.ToArray(), status, groups);
        Gen.Select(Gen.ULong, Gen.Enum<DirectoryUpdateKind>(), entries.Array[0, 5]).Sample(static (version, kind, list) =>
        {
            var data = new DirectoryUpdate(version, kind, list).Encode();
            Mutations.AssertStrictLength(data, static data => DirectoryUpdate.TryDecode(data, out _));
            Assert.True(DirectoryUpdate.TryDecode(data, out var decoded));
            Assert.Equal((version, kind), (decoded.Version, decoded.Kind));
            Assert.All(list.Zip(decoded.Entries), static pair =>
            {
                Assert.Equal((pair.First.Id, pair.First.Status), (pair.Second.Id, pair.Second.Status));
                Assert.Equal(pair.First.Groups, pair.Second.Groups);
                Assert.Equal(pair.First.IdentityPoint, pair.Second.IdentityPoint);
            });
            Assert.Equal(data, decoded.Encode());
        }, iter: 50);
    }

    [Fact]
    public void DirectoryUpdate_FullPart_FitsInAFrame()
    {
        var entries = Enumerable.Repeat(new DirectoryEntry(Samples.DeviceId, new byte[65], DirectoryStatus.Active, [Samples.ServerId, Samples.DeviceId]), DirectoryUpdate.MaxEntries);

        Assert.True(new DirectoryUpdate(1, DirectoryUpdateKind.SnapshotPart, [.. entries]).Encode().Length <= WireLimits.MaxFrameBytes);
    }

    [Fact]
    public void DirectoryAck_Any_RoundTripsStrictly() => Gen.Select(Gen.ULong, Gen.Enum<DirectoryUpdateKind>()).Sample(static (version, kind) =>
    {
        var data = new DirectoryAck(version, kind).Encode();
        Mutations.AssertStrictLength(data, static data => DirectoryAck.TryDecode(data, out _));
        Assert.True(DirectoryAck.TryDecode(data, out var decoded));
        Assert.Equal(new DirectoryAck(version, kind), decoded);
    }, iter: 100);

    [Fact]
    public void PresenceEvent_Any_RoundTripsStrictly() => Gen.Select(Gen.Bool, Gen.ULong, Gens.UnixMs, Gens.Text).Sample(static (connected, number, time, transport) =>
    {
        var presence = new PresenceEvent(connected, number, time, transport);
        var data = presence.Encode();
        Mutations.AssertStrictLength(data, static data => PresenceEvent.TryDecode(data, out _));
        Assert.True(PresenceEvent.TryDecode(data, out var decoded));
        Assert.Equal(presence, decoded);
    }, iter: 100);

    [Fact]
    public void RelayStats_Any_RoundTripsStrictly() => Gen.Select(Gens.Text, Gen.ULong).Array[0, 6].Sample(static pairs =>
    {
        var counters = pairs.Select(static pair => new KeyValuePair<string, ulong>(pair.Item1, pair.Item2)).ToArray();
        var data = new RelayStats(counters).Encode();
        Mutations.AssertStrictLength(data, static data => RelayStats.TryDecode(data, out _));
        Assert.True(RelayStats.TryDecode(data, out var decoded));
        Assert.Equal(counters, decoded.Counters);
    }, iter: 100);

    [Fact]
    public void Encode_BeyondTheLimits_Throws()
    {
        Assert.Throws<ArgumentException>(static () => new PresenceEvent(true, 1, 1, new string('x', 33)).Encode());
        Assert.Throws<ArgumentException>(static () => new RelayStats([new(new string('x', 65), 1)]).Encode());
        Assert.Throws<ArgumentException>(static () => new RelayStats([.. Enumerable.Repeat(new KeyValuePair<string, ulong>("x", 1), 257)]).Encode());
        Assert.Throws<ArgumentOutOfRangeException>(static () => new PresenceEvent(true, 1, -1, "mqtt5").Encode());
    }
}
