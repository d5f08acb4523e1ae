namespace Messaging.Agent.Tests.Disk;

internal enum CrashOperationKind
{
    Write,
    Resize,
    Create,
    Rename,
    Delete,
    MakeFolder,
    SyncFile,
    FailedSync,
    SyncFolder,

    /// <summary>A sync that a broken medium only confirmed.</summary>
    Nothing,
}
