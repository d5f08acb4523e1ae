using System.Buffers.Text;
using System.Text;
using Messaging.Wire;

namespace Messaging.Relay.Channels.Mqtt;

/// <summary>
/// The topics of one channel. Whoever subscribes names in the filter where to begin, which clients of every version can do, and each record comes by its offset.
/// </summary>
internal sealed class ChannelTopics
{
    /// <summary>What user names and topics of channels begin with.</summary>
    private const string UserPrefix = "channel/";

    /// <summary>An offset in digits.</summary>
    private const int MaxOffsetDigits = 20;

    private readonly byte[] _prefix;

    public ChannelTopics(ChannelId channel)
    {
        _prefix = Encoding.ASCII.GetBytes($"channels/{channel}/");
        Members = [.. _prefix, .. "members"u8];
    }

    /// <summary>The topic that says who is there.</summary>
    public byte[] Members { get; }

    /// <summary>Whether a user name is a channel's, and of which; one that is none and looks so has the id 0.</summary>
    public static bool IsChannel(ReadOnlySpan<byte> userName, out ChannelId channel)
    {
        channel = default;
        if (!userName.StartsWith("channel/"u8))
        {
            return false;
        }

        if (!ChannelId.TryParse(Encoding.UTF8.GetString(userName[UserPrefix.Length..]), out channel))
        {
            channel = default;
        }

        return true;
    }

    /// <summary>What may be published to.</summary>
    public ChannelTopic OfName(ReadOnlySpan<byte> topic) =>
        !topic.StartsWith(_prefix) ? ChannelTopic.Unknown
        : topic[_prefix.Length..].SequenceEqual("records"u8) ? ChannelTopic.Records
        : topic[_prefix.Length..].SequenceEqual("member"u8) ? ChannelTopic.Member
        : ChannelTopic.Unknown;

    /// <summary>What may be subscribed to.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="from">Of <see cref="ChannelTopic.From"/>, the offset.</param>
    public ChannelTopic OfFilter(ReadOnlySpan<byte> filter, out ulong from)
    {
        from = 0;
        if (!filter.StartsWith(_prefix))
        {
            return ChannelTopic.Unknown;
        }

        var rest = filter[_prefix.Length..];
        if (rest.SequenceEqual("members"u8))
        {
            return ChannelTopic.Members;
        }

        if (rest.SequenceEqual("records/+"u8))
        {
            return ChannelTopic.News;
        }

        if (!rest.StartsWith("from/"u8) || !rest.EndsWith("/+"u8))
        {
            return ChannelTopic.Unknown;
        }

        // One way to write a number, so that a filter is one subscription.
        var digits = rest["from/".Length..^"/+".Length];
        return Utf8Parser.TryParse(digits, out from, out var used) && used == digits.Length && from <= long.MaxValue && (digits[0] is >= (byte)'1' and <= (byte)'9' || digits.Length == 1)
            ? ChannelTopic.From
            : ChannelTopic.Unknown;
    }

    /// <summary>The topic by which a record comes: the filter with the offset in place of the '+'.</summary>
    public static byte[] Room(ReadOnlySpan<byte> filter)
    {
        var room = new byte[filter.Length - 1 + MaxOffsetDigits];
        filter[..^1].CopyTo(room);
        return room;
    }

    /// <summary>Writes an offset behind the filter's levels.</summary>
    /// <returns>The whole topic.</returns>
    public static ReadOnlySpan<byte> Write(byte[] room, ulong offset)
    {
        var start = room.Length - MaxOffsetDigits;
        Utf8Formatter.TryFormat(offset, room.AsSpan(start), out var digits);
        return room.AsSpan(0, start + digits);
    }
}
