namespace Messaging.Agent.Tests.Disk;

/// <summary>What was done to a disk once.</summary>
/// <param name="kind">What was done.</param>
/// <param name="path">Of an operation on names.</param>
/// <param name="to">The new name of a renaming.</param>
/// <param name="inode">The file, whatever its name.</param>
/// <param name="offset">Of a write; the length of a resize.</param>
/// <param name="data">Of a write.</param>
internal sealed class CrashOperation(CrashOperationKind kind, string path, string? to, CrashInode? inode, long offset, byte[] data)
{
    public CrashOperationKind Kind => kind;

    public string Path => path;

    public string? To => to;

    public CrashInode? Inode => inode;

    public long Offset => offset;

    public byte[] Data => data;

    public bool IsOfNames => Kind is CrashOperationKind.Create or CrashOperationKind.Rename or CrashOperationKind.Delete or CrashOperationKind.MakeFolder;

    public bool IsOfContent => Kind is CrashOperationKind.Write or CrashOperationKind.Resize;

    /// <summary>Whose syncing makes an operation on names durable.</summary>
    public string Folder => CrashImage.FolderOf(Path);

    public override string ToString() => Kind switch
    {
        CrashOperationKind.Write => $"write {Data.Length} at {Offset}",
        CrashOperationKind.Resize => $"resize to {Offset}",
        CrashOperationKind.Rename => $"rename {Path} to {To}",
        _ => $"{Kind} {Path}",
    };
}
