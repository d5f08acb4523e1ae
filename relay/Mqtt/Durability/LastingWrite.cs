using Messaging.Relay.Storage;

namespace Messaging.Relay.Mqtt.Durability;

/// <summary>A write that somebody waits for and that has to succeed: while the disk is full it is tried again, every second.</summary>
internal sealed class LastingWrite(BrokerJournal journal, Action apply, Action completed) : StoreWrite
{
    public override int Size => 256;

    public override void Apply() => apply();

    public override void Revert()
    {
        // It has changed nothing in memory.
    }

    public override void Complete(StoreOutcome outcome)
    {
        if (outcome == StoreOutcome.Durable)
        {
            completed();
        }
        else if (outcome != StoreOutcome.Stopped)
        {
            journal.TryLater(this);
        }
    }
}
