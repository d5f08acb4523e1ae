using System.Collections.Immutable;
using Messaging.Relay.Mqtt.Topics;
using Messaging.Wire;

namespace Messaging.Relay.Channels;

/// <summary>Who is in a channel. Somebody who is here by several connections is here until the last one ends. Thread safe.</summary>
internal sealed class ChannelMembers(Action changed)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<byte[], Presence> _present = new(ByteKeys.Instance);
    private ImmutableArray<ChannelMember>? _list = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _present.Count;
            }
        }
    }

    /// <summary>Who is here, in no order. The same array as long as nothing has changed.</summary>
    public ImmutableArray<ChannelMember> List
    {
        get
        {
            lock (_gate)
            {
                return _list ??= [.. _present.Values.Select(static presence => presence.Member)];
            }
        }
    }

    /// <summary>Somebody comes.</summary>
    /// <returns>What ends its presence; null: there are as many as may be.</returns>
    public IDisposable? TryJoin(ChannelMember member, int max)
    {
        lock (_gate)
        {
            if (_present.TryGetValue(member.Name, out var here))
            {
                here.Connections++;
                here.Member = member with { SinceMs = here.Member.SinceMs };
            }
            else if (_present.Count >= max)
            {
                return null;
            }
            else
            {
                _present.Add(member.Name, new Presence(member));
            }

            _list = null;
        }

        changed();
        return new Stay(this, member.Name);
    }

    private void Leave(byte[] name)
    {
        lock (_gate)
        {
            if (!_present.TryGetValue(name, out var here) || --here.Connections > 0)
            {
                return;
            }

            _present.Remove(name);
            _list = null;
        }

        changed();
    }

    private sealed class Presence(ChannelMember member)
    {
        public ChannelMember Member { get; set; } = member;

        public int Connections { get; set; } = 1;
    }

    private sealed class Stay(ChannelMembers members, byte[] name) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                members.Leave(name);
            }
        }
    }
}
