using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Mqtt.Sessions;

namespace Messaging.Relay.Mqtt.Durability;

/// <summary>
/// A message on its way to a session that outlives its connections. It is written to the file, unless the client has acknowledged it before its turn to be written came.
/// </summary>
internal sealed class KeptEntry(BrokerJournal journal, long number, long session, StoredMessage message, QualityOfService quality, bool isRetained, uint[] ids)
{
    private const int New = 0;
    private const int Rowed = 1;
    private const int Landed = 2;
    private StoredMessage? _message = message;
    private int _state;

    /// <summary>Its key in the file, which rises: the order of delivery.</summary>
    public long Number => number;

    /// <summary>The session's number in the file.</summary>
    public long Session => session;

    /// <summary>Null once the client has it, when only the end of its delivery is left to be said.</summary>
    public StoredMessage? Message => Volatile.Read(ref _message);

    /// <summary>Its message's place in the file.</summary>
    public MessageRow Row { get; } = message.Row;

    public QualityOfService Quality => quality;

    public bool IsRetained => isRetained;

    public uint[] Ids => ids;

    /// <summary>The writer's own: whether it is in the file.</summary>
    public bool HasRow { get; set; }

    /// <summary>It came from the file.</summary>
    public void Restored()
    {
        _state = Rowed;
        HasRow = true;
        Row.Entries++;
    }

    /// <summary>The writer's: it is to be written now; false: that is not needed any more.</summary>
    public bool TryWrite() => Interlocked.CompareExchange(ref _state, Rowed, New) == New;

    /// <summary>The writer's: it was not written.</summary>
    public void NotWritten() => Interlocked.CompareExchange(ref _state, New, Rowed);

    /// <summary>The client has the message.</summary>
    public void Release() => Volatile.Write(ref _message, null);

    /// <summary>It is delivered, dropped or expired.</summary>
    public void Land()
    {
        if (Interlocked.Exchange(ref _state, Landed) == Rowed)
        {
            journal.Landed(this);
        }
    }
}
