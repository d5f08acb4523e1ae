using Messaging.Wire;

namespace Messaging.Agent.Spool;

/// <summary>
/// Which word of control an acknowledgement is: the number of control's epoch, and its own in there. Both only rise, over restarts of
/// control too, whatever its clock says; and both are authentic. So a later one was said later, in whatever order they arrive.
/// </summary>
/// <param name="Server">The id of its identity key: another server begins anew, whatever number a thief of the last one's key has spent.</param>
/// <param name="EpochNo">Of its epoch.</param>
/// <param name="Seq">In there.</param>
internal readonly record struct AckPosition(PrincipalId Server, ulong EpochNo, ulong Seq)
{
    public bool IsAfter(AckPosition other) =>
        Server != other.Server || EpochNo > other.EpochNo || (EpochNo == other.EpochNo && Seq > other.Seq);
}
