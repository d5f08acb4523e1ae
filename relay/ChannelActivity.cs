namespace Messaging.Relay;

/// <summary>A channel as operators see it. The relay knows nothing more of it, and cannot read it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="IsLegacy">Whether it is one of the legacy profile's.</param>
/// <param name="Records">Records that are kept.</param>
/// <param name="Bytes">Bytes of these.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UsedAt">When it was last appended to, or was made.</param>
/// <param name="Followers">Connections and requests that follow it.</param>
/// <param name="Members">Who says that it is here.</param>
/// <param name="RecordsPerSecond">Records that are appended, of the last 30 to 60 seconds.</param>
public sealed record ChannelActivity(
    string Id, bool IsLegacy, long Records, long Bytes, DateTimeOffset CreatedAt, DateTimeOffset UsedAt, int Followers, int Members, double RecordsPerSecond);
