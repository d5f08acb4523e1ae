using System.Runtime.InteropServices;

namespace Messaging.Relay.Channels;

/// <summary>What a channel holds.</summary>
/// <param name="First">Offset of the oldest record that is kept.</param>
/// <param name="Next">Offset that the next record gets.</param>
/// <param name="Bytes">Bytes of all records.</param>
/// <param name="OldestMs">When the oldest came, in Unix milliseconds; without records meaningless.</param>
/// <param name="UsedMs">When the channel was last appended to, or was made.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ChannelExtent(long First, long Next, long Bytes, long OldestMs, long UsedMs)
{
    public long Records => Next - First;
}
