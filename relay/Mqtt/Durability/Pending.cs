using Messaging.Relay.Mqtt.Sessions;
using Messaging.Relay.Mqtt.Topics;

namespace Messaging.Relay.Mqtt.Durability;

/// <summary>Changes that go along with the next transaction. What they are when they are written counts, so that many of one thing are one.</summary>
internal sealed class Pending
{
    public HashSet<Session> Sessions { get; } = [];

    public HashSet<Session> Ended { get; } = [];

    public List<KeptEntry> Landed { get; } = [];

    /// <summary>Of <see cref="Landed"/>, those that were taken out.</summary>
    public List<KeptEntry> Removed { get; } = [];

    public HashSet<byte[]> Topics { get; } = new(ByteKeys.Instance);

    public bool IsEmpty => Sessions.Count == 0 && Ended.Count == 0 && Landed.Count == 0 && Topics.Count == 0;

    /// <summary>Takes what another one could not write.</summary>
    public void TakeBack(Pending other)
    {
        Landed.AddRange(other.Landed);
        Ended.UnionWith(other.Ended);
        Topics.UnionWith(other.Topics);

        // Who has ended meanwhile stays ended.
        Sessions.UnionWith(other.Sessions.Where(session => !Ended.Contains(session)));
    }

    public void Clear()
    {
        Sessions.Clear();
        Ended.Clear();
        Landed.Clear();
        Removed.Clear();
        Topics.Clear();
    }
}
