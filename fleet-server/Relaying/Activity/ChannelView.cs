using Messaging.Relay;

namespace Messaging.FleetServer.Relaying.Activity;

/// <summary>A channel, as far as a relay that cannot read it knows it.</summary>
/// <param name="Kind">sealed or legacy.</param>
internal sealed record ChannelView(
    string Id, string Kind, long Records, long Bytes, DateTimeOffset CreatedAt, DateTimeOffset UsedAt, int Followers, int Members, double RecordsPerSecond)
{
    public static ChannelView Of(ChannelActivity one) => new(
        one.Id,
        one.IsLegacy ? "legacy" : "sealed",
        one.Records,
        one.Bytes,
        one.CreatedAt,
        one.UsedAt,
        one.Followers,
        one.Members,
        Math.Round(one.RecordsPerSecond, 3));
}
