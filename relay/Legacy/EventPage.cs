using System.Text;
using System.Text.Json;
using Messaging.Relay.Legacy.Json;
using Messaging.Wire;

namespace Messaging.Relay.Legacy;

/// <summary>The events of one answer, as they are gathered from the log: an agent's own in order, and how far the log was read.</summary>
/// <param name="options">How many there may be.</param>
/// <param name="maxBytes">Bytes of them.</param>
/// <param name="large">What becomes of an event that is larger alone.</param>
internal sealed class EventPage(LegacyOptions options, int maxBytes, LargeEvent large)
{
    /// <summary>What looking at an event costs beside its bytes.</summary>
    private const int RecordCost = 256;

    private readonly List<RawJson> _events = [];
    private string _agent = "";
    private int _limit;
    private int _bytes;
    private long _scanned;
    private bool _isFull;

    /// <summary>The offset to go on with.</summary>
    public long Next { get; private set; }

    /// <summary>Whether there is nothing in it, and nothing more in the log.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>Whether the next event is larger than the answer may be, so that there is none in it.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>Events that are larger than an answer.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Begins anew.</summary>
    /// <param name="agent">Whose events they are.</param>
    /// <param name="from">The offset to begin with.</param>
    /// <param name="limit">How many the agent wants.</param>
    public void Begin(string agent, long from, long? limit)
    {
        _agent = agent;
        _limit = limit is > 0 ? (int)Math.Min(limit.Value, options.MaxEvents) : options.DefaultEvents;
        (_bytes, _scanned, _isFull, IsWaiting, IsBlocked, Next) = (0, 0, false, false, false, from);
        _events.Clear();
    }

    /// <summary>Whether more of the log is to be read.</summary>
    public bool TryTurn()
    {
        if (!_isFull && _events.Count == 0 && _scanned < options.MaxScanBytes)
        {
            return true;
        }

        IsWaiting = false;
        return false;
    }

    /// <summary>Takes what is the agent's of a page of the log.</summary>
    public void Take(List<ChannelRecord> records)
    {
        IsWaiting = false;
        foreach (var record in records)
        {
            _scanned += record.Body.Length + RecordCost;
            var stored = JsonSerializer.Deserialize(record.Body, LegacyJson.Lenient.LegacyEvent)
                ?? throw new InvalidDataException($"The event at {record.Offset} is null.");
            if (AddressPattern.IsFor(stored.To, _agent) && !TryAdd(JsonSerializer.Serialize(stored.At((long)record.Offset), LegacyJson.Lenient.LegacyEvent)))
            {
                _isFull = true;
                return;
            }

            Next = (long)record.Offset + 1;
        }
    }

    public LegacyAnswer Answer() => LegacyAnswer.Of(
        new ReceiveAnswer(_events, Next, Next), LegacyJson.Lenient.ReceiveAnswer,
        LeftOut > 0 ? $"{LeftOut} events are larger than a datagram and were left out; POST /receive gives them." : null);

    /// <summary>Whether an event has its place in the answer, or in none.</summary>
    private bool TryAdd(string text)
    {
        var size = Encoding.UTF8.GetByteCount(text) + 1;
        if (size > maxBytes && large != LargeEvent.Given)
        {
            LeftOut += large == LargeEvent.LeftOut ? 1 : 0;
            IsBlocked = large == LargeEvent.Held && _events.Count == 0;
            return large == LargeEvent.LeftOut;
        }

        if (_events.Count > 0 && (_events.Count >= _limit || _bytes + size > maxBytes))
        {
            return false;
        }

        _bytes += size;
        _events.Add(new RawJson(text));
        return true;
    }
}
