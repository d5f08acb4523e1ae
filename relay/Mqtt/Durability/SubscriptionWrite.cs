using Messaging.Relay.Mqtt.Topics;
using Messaging.Relay.Storage;

namespace Messaging.Relay.Mqtt.Durability;

/// <summary>Subscriptions of a kept session come or go.</summary>
/// <param name="journal">The file.</param>
/// <param name="session">The session's number in it.</param>
/// <param name="added">Those that come.</param>
/// <param name="removed">Those that go, as the client wrote them.</param>
/// <param name="completed">Called when it is in the file, or cannot be; on the writer's thread.</param>
internal sealed class SubscriptionWrite(
    BrokerJournal journal, long session, IReadOnlyList<Subscription> added, IReadOnlyList<byte[]> removed, Action<StoreOutcome> completed) : StoreWrite
{
    public override int Size => 256 + added.Sum(static one => one.Charge) + removed.Sum(static one => one.Length);

    public override void Apply()
    {
        foreach (var one in added)
        {
            journal.Table.Insert(session, one);
        }

        foreach (var text in removed)
        {
            journal.Table.RemoveSubscription(session, text);
        }
    }

    public override void Revert()
    {
        // It has changed nothing in memory.
    }

    public override void Complete(StoreOutcome outcome) => completed(outcome);
}
