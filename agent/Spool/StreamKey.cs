using Messaging.Wire;

namespace Messaging.Agent.Spool;

/// <summary>Sequence numbers count within one stream of one epoch.</summary>
internal readonly record struct StreamKey(EpochId Epoch, uint Stream);
