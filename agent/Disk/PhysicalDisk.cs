namespace Messaging.Agent.Disk;

/// <summary>The real file system.</summary>
internal sealed class PhysicalDisk : IDisk
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerDirectory = OwnerFile | UnixFileMode.UserExecute;

    public static PhysicalDisk Instance { get; } = new();

    public void CreateDirectory(string path) => Guard(() => Directory.CreateDirectory(path, OwnerDirectory));

    public IReadOnlyList<string> List(string directory) =>
        Guard(() => Directory.EnumerateFiles(directory).Select(path => Path.GetFileName(path)).ToArray());

    public bool Exists(string path) => File.Exists(path);

    public IDiskFile Open(string path, bool create) => Guard(() => new PhysicalDiskFile(new FileStream(path, new FileStreamOptions
    {
        Mode = create ? FileMode.OpenOrCreate : FileMode.Open,
        Access = FileAccess.ReadWrite,
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 0,
        UnixCreateMode = create ? OwnerFile : null,
    })));

    public void Delete(string path) => Guard(() =>
    {
        File.Delete(path);
        return true;
    });

    public void Rename(string from, string to) => Guard(() =>
    {
        File.Move(from, to, overwrite: true);
        return true;
    });

    public void SyncDirectory(string path) => DirectorySync.Run(path);

    /// <summary>A folder without permission is a failure of the medium too: it may be repaired while the agent runs.</summary>
    private static T Guard<T>(Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
