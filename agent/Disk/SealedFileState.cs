namespace Messaging.Agent.Disk;

internal enum SealedFileState
{
    Whole,
    Missing,
    Damaged,
    OtherVersion,
}
