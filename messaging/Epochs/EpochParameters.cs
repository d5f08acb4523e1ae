using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.Epochs;

/// <summary>What a sender says when it opens an epoch.</summary>
/// <param name="EpochNo">The sender's running number: it has never been used before, not even by a process that was killed.</param>
/// <param name="BootId">The boot of the sender's machine.</param>
/// <param name="UptimeMs">Milliseconds since that boot.</param>
/// <param name="ClaimedUnixMs">The sender's wall clock, in Unix milliseconds; null if it has none that it would believe.</param>
/// <param name="NoticeNumber">The newest notice that the sender knows; 0 for none.</param>
/// <param name="PrevEpochId">The sender's epoch before this one; null if there is none.</param>
/// <param name="PrevLastSeq">The last sequence number of every stream that was used in it, stream ids ascending; null exactly when <paramref name="PrevEpochId"/> is.</param>
public sealed record EpochParameters(
    ulong EpochNo,
    BootId BootId,
    ulong UptimeMs,
    long? ClaimedUnixMs,
    ulong NoticeNumber,
    EpochId? PrevEpochId = null,
    IReadOnlyList<StreamSeq>? PrevLastSeq = null);
