using Messaging.Relay.Legacy.Json;
using Messaging.Relay.Limits;
using Messaging.Wire;

namespace Messaging.Relay.Legacy.Sessions;

/// <summary>One agent in one channel.</summary>
internal sealed class LegacySession(SessionKey key, ChannelId channel, string agent, RawJson? context, AddressKey? address, long position, long usedAt)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _position = position;
    private long _usedAt = usedAt;
    private AddressKey? _latestAddress = address;
    private int _isReceiving;
    private int _isWarned;

    public SessionKey Key { get; } = key;

    public ChannelId Channel { get; } = channel;

    public string Agent { get; } = agent;

    /// <summary>What the agent says of itself.</summary>
    public RawJson? Context { get; } = context;

    /// <summary>Whose limit it counts against: where it connected; after a restart, where its latest request came from.</summary>
    public AddressKey? Address { get; } = address;

    /// <summary>Where the latest request over HTTP came from.</summary>
    public AddressKey? LatestAddress
    {
        get
        {
            lock (_gate)
            {
                return _latestAddress;
            }
        }
    }

    /// <summary>The address that is on the disk.</summary>
    public AddressKey? SavedAddress { get; set; } = address;

    /// <summary>Ends with the session.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Up to where its agent has said that it has the events.</summary>
    public long Position
    {
        get => Interlocked.Read(ref _position);
        set => Interlocked.Exchange(ref _position, value);
    }

    /// <summary>The position that is on the disk.</summary>
    public long SavedPosition { get; set; } = position;

    /// <summary>The last request, as the clock's timestamp.</summary>
    public long UsedAt => Interlocked.Read(ref _usedAt);

    public bool IsReceiving => Volatile.Read(ref _isReceiving) == 1;

    public void Touch(long timestamp) => Interlocked.Exchange(ref _usedAt, timestamp);

    /// <summary>Its agent made a request from an address that answers reach, because it came over TCP.</summary>
    public void Touch(long timestamp, AddressKey? provenBy)
    {
        Touch(timestamp);
        lock (_gate)
        {
            _latestAddress = provenBy;
        }
    }

    /// <summary>Whether its agent is known to be at an address, which anybody can write into a datagram.</summary>
    public bool HasProven(AddressKey? address) => address is not null && (address == Address || address == LatestAddress);

    /// <summary>Whether this is the first time that it is to be warned of.</summary>
    public bool TryWarn() => Interlocked.Exchange(ref _isWarned, 1) == 0;

    /// <summary>Begins the one receive that there may be at a time.</summary>
    public bool TryBeginReceive() => Interlocked.Exchange(ref _isReceiving, 1) == 0;

    public void EndReceive() => Volatile.Write(ref _isReceiving, 0);

    public void End() => _ended.TrySetResult();
}
