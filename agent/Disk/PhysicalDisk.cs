namespace Messaging.Agent.Disk;

/// <summary>The real file system.</summary>
/// <param name="isReadByAll">What is made may be read by everybody, as far as the umask lets; else by its owner alone.</param>
internal sealed class PhysicalDisk(bool isReadByAll = false) : IDisk
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerDirectory = OwnerFile | UnixFileMode.UserExecute;

    private const UnixFileMode OthersFile = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode OthersDirectory = OthersFile | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public static PhysicalDisk Instance { get; } = new();

    public void CreateDirectory(string path) => Guard(() => Directory.CreateDirectory(path, isReadByAll ? OwnerDirectory | OthersDirectory : OwnerDirectory));

    public IReadOnlyList<string> List(string directory) =>
        Guard(() => Directory.EnumerateFiles(directory).Select(path => Path.GetFileName(path)).ToArray());

    public bool Exists(string path) => File.Exists(path);

    /// <summary>What is there is still read from a disk that has become read-only; writing to it fails until it takes writes again.</summary>
    public IDiskFile Open(string path, bool create)
    {
        try
        {
            return new PhysicalDiskFile(path, Open(path, create, FileAccess.ReadWrite, isReadByAll ? OwnerFile | OthersFile : OwnerFile), canWrite: true);
        }
        catch (IOException) when (File.Exists(path))
        {
            return new PhysicalDiskFile(path, Open(path, create: false, FileAccess.Read), canWrite: false);
        }
    }

    public DiskSpace? Space(string path) => Guard(() => new DriveInfo(path) is { IsReady: true } drive
        ? new DiskSpace(drive.TotalSize, drive.AvailableFreeSpace)
        : (DiskSpace?)null);

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

    internal static FileStream Open(string path, bool create, FileAccess access, UnixFileMode mode = OwnerFile) => Guard(() => new FileStream(path, new FileStreamOptions
    {
        Mode = create ? FileMode.OpenOrCreate : FileMode.Open,
        Access = access,
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 0,
        UnixCreateMode = create ? mode : null,
    }));

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
