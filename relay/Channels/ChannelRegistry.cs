using System.Collections.Concurrent;
using Messaging.Relay.Limits;
using Messaging.Relay.Storage;
using Messaging.Wire;
using Microsoft.Extensions.Logging;

namespace Messaging.Relay.Channels;

/// <summary>All channels: makes, finds, appends, reads and removes. What it says has happened is on the disk. Thread safe.</summary>
internal sealed partial class ChannelRegistry : IStorePart, IDisposable
{
    /// <summary>What a record in memory takes beside its bytes.</summary>
    private const int TailOverhead = 128;

    private readonly ConcurrentDictionary<ChannelId, Channel> _channels = new();
    private readonly ConcurrentDictionary<ChannelId, Task<AppendStatus>> _making = new();
    private readonly List<Channel> _changed = [];
    private readonly List<Channel> _news = [];
    private readonly Queue<(Channel Channel, int Bytes)> _tails = new();
    private readonly ChannelReaders _readers;
    private readonly AddressShare _shares;
    private readonly TimeProvider _time;
    private readonly ILogger<ChannelRegistry> _logger;
    private long _tailBytes;
    private long _bytes;
    private int _lastNumber;
    private int _count;

    /// <summary>Reads which channels there are.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The file is damaged, or the disk failed.</exception>
    /// <exception cref="InvalidDataException">The file holds what was never written.</exception>
    public ChannelRegistry(RelayStore store, ChannelOptions options, TimeProvider time, ILogger<ChannelRegistry> logger)
    {
        (Store, Options, _time, _logger) = (store, options, time, logger);
        Table = new ChannelTable(store);
        _shares = new AddressShare(options.MaxBytes, options.MaxAge, time);
        _readers = new ChannelReaders(store);
        long records = 0;
        foreach (var channel in Table.Load())
        {
            _channels[channel.Id] = channel;
            _lastNumber = channel.Number;
            records += channel.Extent.Records;
            _bytes += channel.Extent.Bytes;
        }

        _count = _channels.Count;
        LogOpened(logger, _count, records, _bytes, store.ReplayedBytes);
        store.Add(this);
    }

    public ChannelOptions Options { get; }

    public RelayStore Store { get; }

    public ChannelTable Table { get; }

    public ChannelCounters Counters { get; } = new();

    public int Count => Volatile.Read(ref _count);

    /// <summary>Bytes of all records.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public ICollection<Channel> All => _channels.Values;

    public long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public Channel? Find(ChannelId id) => _channels.TryGetValue(id, out var channel) ? channel : null;

    /// <summary>Makes a channel, or finds it: who makes it with the same secret meets the others in it.</summary>
    /// <returns>Whether it is there now, and the channel.</returns>
    public async Task<(CreateStatus Status, Channel? Channel)> CreateAsync(ChannelDescription description)
    {
        while (true)
        {
            if (Find(description.Id) is { } known)
            {
                var isSame = known.Description.Kind == description.Kind
                    && System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(known.Description.AccessHash, description.AccessHash);
                return isSame ? (CreateStatus.Existed, known) : (CreateStatus.Taken, null);
            }

            if (Count >= Options.MaxChannels || Volatile.Read(ref _lastNumber) >= ChannelTable.MaxNumber)
            {
                return (CreateStatus.TooMany, null);
            }

            var start = new TaskCompletionSource<AppendStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
            var making = _making.GetOrAdd(description.Id, start.Task);
            if (making != start.Task)
            {
                await making;
                continue;
            }

            var write = new CreateWrite(this, new Channel(Interlocked.Increment(ref _lastNumber), description, new ChannelExtent(0, 0, 0, 0, description.CreatedMs)));
            Store.Enqueue(write);
            var status = await write.Result;
            _making.TryRemove(description.Id, out _);
            start.SetResult(status);
            return status == AppendStatus.Durable ? (CreateStatus.Created, Find(description.Id)) : (Of(status), null);
        }
    }

    /// <summary>Appends a record; the answer comes when it is on the disk.</summary>
    /// <param name="channel">Where to.</param>
    /// <param name="body">The record; it belongs to the channel from now on.</param>
    /// <param name="from">Whose share it counts against; null: nobody's.</param>
    public Task<AppendResult> AppendAsync(Channel channel, byte[] body, AddressKey? from = null)
    {
        if (body.Length > Options.MaxRecordBytes)
        {
            return Refuse(AppendStatus.TooLarge);
        }

        if (Bytes + body.Length > Options.MaxBytes)
        {
            return Refuse(AppendStatus.QuotaExceeded);
        }

        if (!_shares.TryTake(from, body.Length, Bytes))
        {
            return Refuse(AppendStatus.ShareExceeded);
        }

        var write = new AppendWrite(this, channel, body);
        Store.Enqueue(write);
        return write.Result;
    }

    /// <summary>Reads records from an offset on, as many as a page holds; none when there is none yet.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The disk failed.</exception>
    public async Task<List<ChannelRecord>> ReadAsync(Channel channel, long from, PageLimits limits, CancellationToken cancellationToken)
    {
        var page = new List<ChannelRecord>();
        var extent = channel.Extent;
        from = Math.Max(from, extent.First);
        if (!channel.TryReadTail(from, limits, page))
        {
            await _readers.ReadAsync(channel, from, extent.Next, limits, page, cancellationToken);
        }

        return page;
    }

    /// <summary>Removes a channel with its records.</summary>
    public Task<AppendStatus> RemoveAsync(Channel channel)
    {
        var write = new TrimWrite(this, channel, long.MaxValue, isRemoval: true);
        Store.Enqueue(write);
        return write.Result;
    }

    /// <summary>Removes records that are too old, and channels that nobody has used for long.</summary>
    public void Sweep()
    {
        var now = NowMs;
        var oldest = now - (long)Options.MaxAge.TotalMilliseconds;
        var idle = now - (long)Options.MaxIdle.TotalMilliseconds;
        foreach (var channel in _channels.Values)
        {
            var extent = channel.Extent;
            if (extent.UsedMs < idle && channel.ListenerCount == 0)
            {
                LogIdle(_logger, channel.Id);
                _ = RemoveAsync(channel);
            }
            else if (extent.Records > 0 && extent.OldestMs < oldest)
            {
                Store.Enqueue(new TrimWrite(this, channel, oldest, isRemoval: false));
            }
        }
    }

    public void Dispose()
    {
        Table.Dispose();
        _readers.Dispose();
    }

    void IStorePart.Committing()
    {
        foreach (var channel in _changed)
        {
            channel.IsChanged = false;
            if (!channel.IsRemoved)
            {
                Table.Update(channel);
            }
        }

        _changed.Clear();
    }

    void IStorePart.RolledBack()
    {
        _changed.ForEach(static channel => channel.IsChanged = false);
        _changed.Clear();
    }

    void IStorePart.Completed()
    {
        foreach (var channel in _news)
        {
            channel.IsNews = false;
            channel.Wake();
        }

        _news.Clear();
    }

    /// <summary>The writer's: puts a record at the end, and makes room at the beginning.</summary>
    internal ChannelRecord Append(Channel channel, byte[] body)
    {
        var now = NowMs;
        var extent = channel.Pending;

        // A clock that was set back does not make a record older than the one before it.
        var record = new ChannelRecord((ulong)extent.Next, Math.Max(now, extent.UsedMs), body);
        Table.Insert(channel, record);
        channel.Pending = extent with
        {
            Next = extent.Next + 1,
            Bytes = extent.Bytes + body.Length,
            UsedMs = record.UnixMs,
            OldestMs = extent.Records == 0 ? record.UnixMs : extent.OldestMs,
        };
        Change(channel);
        if (channel.Pending.Bytes > Options.MaxChannelBytes)
        {
            // An eighth more than needed, so that it is not done for every record.
            Trim(channel, channel.Pending.Bytes - (Options.MaxChannelBytes / 8 * 7), beforeMs: 0);
        }

        return record;
    }

    /// <summary>The writer's: removes the oldest.</summary>
    /// <returns>Whether there may be more to remove.</returns>
    internal bool Trim(Channel channel, long bytes, long beforeMs)
    {
        (channel.Pending, var isUnfinished) = Table.Trim(channel, bytes, beforeMs);
        Change(channel);
        return isUnfinished;
    }

    /// <summary>The writer's: what was written to a channel is on the disk.</summary>
    internal void Commit(Channel channel, ChannelRecord? record)
    {
        Interlocked.Add(ref _bytes, channel.Commit(record));
        if (record is null)
        {
            return;
        }

        Counters.Appended(record.Body.Length);
        _tails.Enqueue((channel, record.Body.Length));
        _tailBytes += record.Body.Length + TailOverhead;
        while (_tailBytes > Options.MaxTailBytes && _tails.TryDequeue(out var oldest))
        {
            _tailBytes -= oldest.Bytes + TailOverhead;
            oldest.Channel.DropTail();
        }

        if (!channel.IsNews)
        {
            channel.IsNews = true;
            _news.Add(channel);
        }
    }

    /// <summary>The writer's: a channel is on the disk, or not.</summary>
    internal void Created(Channel channel, bool isDurable)
    {
        if (isDurable)
        {
            _channels[channel.Id] = channel;
            Interlocked.Increment(ref _count);
            Counters.Created();
        }
    }

    /// <summary>The writer's: a channel is gone.</summary>
    internal void Removed(Channel channel)
    {
        if (_channels.TryRemove(KeyValuePair.Create(channel.Id, channel)))
        {
            Interlocked.Decrement(ref _count);
            Counters.Removed();
            channel.End();
        }
    }

    private static CreateStatus Of(AppendStatus status) => status switch
    {
        AppendStatus.DiskFull => CreateStatus.DiskFull,
        AppendStatus.Busy => CreateStatus.Busy,
        AppendStatus.Stopping => CreateStatus.Stopping,
        _ => CreateStatus.DiskFailed,
    };

    private Task<AppendResult> Refuse(AppendStatus status)
    {
        Counters.Refused();
        return Task.FromResult(new AppendResult(status, 0, 0));
    }

    private void Change(Channel channel)
    {
        if (!channel.IsChanged)
        {
            channel.IsChanged = true;
            _changed.Add(channel);
        }
    }

    [LoggerMessage(EventId = 1082, Level = LogLevel.Information, Message = "Channels: {Channels}, with {Records} records of {Bytes} bytes; {Replayed} bytes of the write-ahead log of the last run were taken over")]
    private static partial void LogOpened(ILogger logger, int channels, long records, long bytes, long replayed);

    [LoggerMessage(EventId = 1083, Level = LogLevel.Information, Message = "Channel {Id} goes: nobody has used it for long")]
    private static partial void LogIdle(ILogger logger, ChannelId id);
}
