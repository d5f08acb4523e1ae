namespace Messaging.Relay.Mqtt.Durability;

/// <summary>A message's place in the file, which it has for as long as entries refer to it. The writer's own, but for the number.</summary>
internal sealed class MessageRow
{
    /// <summary>Its key; 0: it has none yet.</summary>
    public long Number { get; set; }

    /// <summary>Entries in the file that refer to it.</summary>
    public int Entries { get; set; }
}
