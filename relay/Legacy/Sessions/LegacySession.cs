using Messaging.Relay.Legacy.Json;
using Messaging.Relay.Limits;
using Messaging.Wire;

namespace Messaging.Relay.Legacy.Sessions;

/// <summary>One agent in one channel.</summary>
internal sealed class LegacySession(SessionKey key, ChannelId channel, string agent, RawJson? context, AddressKey? address, long position, long usedAt)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _position = position;
    private long _usedAt = usedAt;
    private int _isReceiving;

    public SessionKey Key { get; } = key;

    public ChannelId Channel { get; } = channel;

    public string Agent { get; } = agent;

    /// <summary>What the agent says of itself.</summary>
    public RawJson? Context { get; } = context;

    /// <summary>Whose limit it counts against; null after a restart.</summary>
    public AddressKey? Address { get; } = address;

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

    /// <summary>Begins the one receive that there may be at a time.</summary>
    public bool TryBeginReceive() => Interlocked.Exchange(ref _isReceiving, 1) == 0;

    public void EndReceive() => Volatile.Write(ref _isReceiving, 0);

    public void End() => _ended.TrySetResult();
}
