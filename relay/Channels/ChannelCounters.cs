namespace Messaging.Relay.Channels;

/// <summary>What happened to channels since the start.</summary>
internal sealed class ChannelCounters
{
    private long _records;
    private long _bytes;
    private long _created;
    private long _removed;
    private long _refused;
    private long _denied;

    /// <summary>Records that were taken.</summary>
    public long RecordsAppended => Interlocked.Read(ref _records);

    public long BytesAppended => Interlocked.Read(ref _bytes);

    public long ChannelsCreated => Interlocked.Read(ref _created);

    public long ChannelsRemoved => Interlocked.Read(ref _removed);

    /// <summary>Records that were refused: too large, over a quota, no room on the disk.</summary>
    public long AppendsRefused => Interlocked.Read(ref _refused);

    /// <summary>Requests without the channel's secret, or for a channel that is not there.</summary>
    public long AccessDenied => Interlocked.Read(ref _denied);

    public void Appended(int bytes)
    {
        Interlocked.Increment(ref _records);
        Interlocked.Add(ref _bytes, bytes);
    }

    public void Created() => Interlocked.Increment(ref _created);

    public void Removed() => Interlocked.Increment(ref _removed);

    public void Refused() => Interlocked.Increment(ref _refused);

    public void Denied() => Interlocked.Increment(ref _denied);
}
