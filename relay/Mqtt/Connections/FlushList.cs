namespace Messaging.Relay.Mqtt.Connections;

/// <summary>The outboxes that were written to while a batch of packets was worked on: each is sent once, after the batch.</summary>
internal sealed class FlushList
{
    private readonly List<Outbox> _outboxes = [];

    public void Add(Outbox outbox) => _outboxes.Add(outbox);

    public void Flush()
    {
        foreach (var outbox in _outboxes)
        {
            outbox.Flush();
        }

        _outboxes.Clear();
    }
}
