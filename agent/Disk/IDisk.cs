namespace Messaging.Agent.Disk;

/// <summary>
/// The few file operations that durable state is built from. Every failure of the medium is an <see cref="IOException"/>,
/// so that a test can inject faults and forget what was not synced.
/// </summary>
internal interface IDisk
{
    void CreateDirectory(string path);

    /// <summary>File names (without folders) in <paramref name="directory"/>, in no particular order.</summary>
    IReadOnlyList<string> List(string directory);

    bool Exists(string path);

    /// <summary>Opens for reading and writing; creates the file (mode 0600) when <paramref name="create"/>.</summary>
    IDiskFile Open(string path, bool create);

    void Delete(string path);

    /// <summary>Atomically replaces <paramref name="to"/>.</summary>
    void Rename(string from, string to);

    /// <summary>The file system that holds this folder; null when it does not say.</summary>
    DiskSpace? Space(string path);

    /// <summary>Makes creations, renames and deletions in this folder survive a power cut.</summary>
    void SyncDirectory(string path);
}
