using Messaging.Wire;

namespace Messaging.Relay.Channels;

/// <summary>What a page says beside its records.</summary>
internal static class ChannelPages
{
    /// <param name="channel">Whose records they are.</param>
    /// <param name="from">What was asked for.</param>
    /// <param name="records">What there was.</param>
    public static ChannelPage Page(this Channel channel, long from, List<ChannelRecord> records)
    {
        var first = (ulong)channel.Extent.First;
        return new ChannelPage(first, records.Count > 0 ? records[^1].Offset + 1 : Math.Max((ulong)from, first), records);
    }
}
