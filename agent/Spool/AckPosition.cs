namespace Messaging.Agent.Spool;

/// <summary>
/// Which word of control an acknowledgement is: the number of control's epoch, and its own in there. Both only rise, over restarts of
/// control too, whatever its clock says; and both are authentic. So a later one was said later, in whatever order they arrive.
/// </summary>
internal readonly record struct AckPosition(ulong EpochNo, ulong Seq)
{
    public bool IsAfter(AckPosition other) => EpochNo > other.EpochNo || (EpochNo == other.EpochNo && Seq > other.Seq);
}
