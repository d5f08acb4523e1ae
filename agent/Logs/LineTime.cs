using Messaging.Wire;

namespace Messaging.Agent.Logs;

/// <summary>When a line was written, as far as its source knows, else when it was read.</summary>
/// <param name="BootId">The boot.</param>
/// <param name="MonoMs">Milliseconds since that boot.</param>
/// <param name="WallUnixMs">What the wall clock said then, right or wrong; null where the source does not tell. Unix milliseconds.</param>
internal readonly record struct LineTime(BootId BootId, long MonoMs, long? WallUnixMs);
