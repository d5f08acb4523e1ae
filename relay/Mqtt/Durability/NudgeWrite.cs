using Messaging.Relay.Storage;

namespace Messaging.Relay.Mqtt.Durability;

/// <summary>Makes a transaction come, for what nobody waits for.</summary>
internal sealed class NudgeWrite(Action over) : StoreWrite
{
    public override int Size => 0;

    public override void Apply() => over();

    public override void Revert()
    {
        // The journal takes back what it wrote.
    }

    /// <summary>What failed stays to be written, and is tried again every second.</summary>
    public override void Complete(StoreOutcome outcome)
    {
        if (outcome != StoreOutcome.Durable)
        {
            over();
        }
    }
}
