namespace Messaging.FleetServer.Live;

/// <summary>What a reader takes at once.</summary>
/// <param name="Resync">Something was dropped before these: the reader has to read everything again.</param>
internal sealed record LiveBatch(IReadOnlyList<LiveMessage> Messages, IReadOnlyList<string> Devices, bool Resync, bool AccessChanged);
