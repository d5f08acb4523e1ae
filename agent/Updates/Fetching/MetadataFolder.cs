using Messaging.Agent.Disk;
using Messaging.Updates.Client;

namespace Messaging.Agent.Updates.Fetching;

/// <summary>
/// Trusted metadata in a folder: <c>ROLE.json</c>, and every root that was trusted as <c>N.root.json</c>, so that who trusts an earlier one can follow
/// (the helper).
/// </summary>
internal sealed class MetadataFolder(IDisk disk, string folder) : ITufStore
{
    private const string Root = "root";

    public byte[]? Load(string name, int maxBytes)
    {
        try
        {
            return AtomicFile.Read(disk, PathOf(name), maxBytes);
        }
        catch (IOException) when (IsLonger(name, maxBytes))
        {
            // Nothing that was kept by these limits: as if it were not there.
            return null;
        }
    }

    public void Replace(string name, ReadOnlySpan<byte> content)
    {
        if (name == Root)
        {
            KeepRoot(content);
        }

        AtomicFile.Write(disk, PathOf(name), content);
    }

    public void Delete(string name)
    {
        if (disk.Exists(PathOf(name)))
        {
            disk.Delete(PathOf(name));
            disk.SyncDirectory(folder);
        }
    }

    private void KeepRoot(ReadOnlySpan<byte> content) =>
        AtomicFile.Write(disk, PathOf($"{Messaging.Updates.Metadata.RootMetadata.Parse(content).Version}.{Root}"), content);

    private string PathOf(string name) => Path.Combine(folder, name + ".json");

    private bool IsLonger(string name, int maxBytes)
    {
        using var file = disk.Open(PathOf(name), create: false);
        return file.Length > maxBytes;
    }
}
