using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.Acks;

/// <summary>How much of an epoch is stored for good: [epochId, [[streamId, throughSeq]...]].</summary>
/// <param name="EpochId">The epoch.</param>
/// <param name="Through">For each stream, the sequence number up to which everything is stored or known to be lost; stream ids ascending.</param>
public sealed record EpochAck(EpochId EpochId, IReadOnlyList<StreamSeq> Through);
