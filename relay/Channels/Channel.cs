using Messaging.Relay.Counters;
using Messaging.Wire;

namespace Messaging.Relay.Channels;

/// <summary>
/// A channel: an ordered log of records that the relay does not read, and who is here. What <see cref="Extent"/> says is on the disk.
/// </summary>
internal sealed class Channel
{
    private readonly Lock _gate = new();
    private readonly HashSet<ChannelListener> _listeners = [];
    private readonly Queue<ChannelRecord> _tail = new();
    private ChannelExtent _extent;
    private RecentCount _recent;

    public Channel(int number, ChannelDescription description, ChannelExtent extent)
    {
        (Number, Description) = (number, description);
        _extent = extent;
        Pending = extent;
        Members = new ChannelMembers(Wake);
    }

    /// <summary>Its number in the file.</summary>
    public int Number { get; }

    public ChannelDescription Description { get; }

    public ChannelId Id => Description.Id;

    public ChannelMembers Members { get; }

    /// <summary>What is on the disk.</summary>
    public ChannelExtent Extent
    {
        get
        {
            lock (_gate)
            {
                return _extent;
            }
        }
    }

    /// <summary>What will be on the disk after the open transaction; the writer's own.</summary>
    public ChannelExtent Pending { get; set; }

    /// <summary>The writer's own: whether the open transaction changed <see cref="Pending"/>.</summary>
    public bool IsChanged { get; set; }

    /// <summary>The writer's own: whether the open transaction removed it.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>The writer's own: whether those who follow are to be woken after this transaction.</summary>
    public bool IsNews { get; set; }

    /// <summary>Whether it was removed.</summary>
    public bool IsGone { get; private set; }

    public int ListenerCount
    {
        get
        {
            lock (_gate)
            {
                return _listeners.Count;
            }
        }
    }

    /// <summary>Records that were appended lately.</summary>
    public double RecordsPerSecond(long nowMs)
    {
        lock (_gate)
        {
            return _recent.PerSecond(nowMs);
        }
    }

    public void Add(ChannelListener listener)
    {
        lock (_gate)
        {
            _listeners.Add(listener);
        }
    }

    public void Remove(ChannelListener listener)
    {
        lock (_gate)
        {
            _listeners.Remove(listener);
        }
    }

    /// <summary>The transaction is on the disk: its extent is in force, and its record can be read.</summary>
    /// <returns>How many bytes more the channel holds.</returns>
    public long Commit(ChannelRecord? record)
    {
        lock (_gate)
        {
            var before = _extent.Bytes;

            // Records of later writes of the same transaction are in Pending already, but not in the tail.
            _extent = Pending with { Next = record is null ? _extent.Next : (long)record.Offset + 1 };
            if (record is not null)
            {
                _tail.Enqueue(record);
                _recent.Add(1, record.UnixMs);
            }

            return _extent.Bytes - before;
        }
    }

    /// <summary>Forgets the oldest record that is kept in memory.</summary>
    public void DropTail()
    {
        lock (_gate)
        {
            _tail.TryDequeue(out _);
        }
    }

    /// <summary>It is removed: nobody follows it any more.</summary>
    public void End()
    {
        IsGone = true;
        Wake();
    }

    /// <summary>Wakes those who follow.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            foreach (var listener in _listeners)
            {
                listener.Wake();
            }
        }
    }

    /// <summary>Reads from memory.</summary>
    /// <returns>False: what is wanted is only on the disk.</returns>
    public bool TryReadTail(long from, PageLimits limits, List<ChannelRecord> page)
    {
        lock (_gate)
        {
            if (from >= _extent.Next)
            {
                return true;
            }

            if (!_tail.TryPeek(out var oldest) || (ulong)from < oldest.Offset)
            {
                return false;
            }

            var bytes = 0;
            foreach (var record in _tail)
            {
                if (record.Offset < (ulong)from)
                {
                    continue;
                }

                if (!limits.Take(page.Count, ref bytes, record.Body.Length))
                {
                    break;
                }

                page.Add(record);
            }

            return true;
        }
    }
}
