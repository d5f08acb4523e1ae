using System.Runtime.InteropServices;

namespace Messaging.Relay.Channels;

/// <summary>What became of an append.</summary>
/// <param name="Status">Whether the record is on the disk.</param>
/// <param name="Offset">Its place in the channel, when it is.</param>
/// <param name="UnixMs">When it was taken, by the relay's clock.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AppendResult(AppendStatus Status, long Offset, long UnixMs);
