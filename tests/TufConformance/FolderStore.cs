using Messaging.FleetServer.Storage;
using Messaging.Updates.Client;

namespace Messaging.TufConformance;

/// <summary>Trusted metadata in a folder, a file each.</summary>
internal sealed class FolderStore(string folder) : ITufStore
{
    public byte[]? Load(string name, int maxBytes)
    {
        var file = new FileInfo(PathOf(name));
        return file.Exists && file.Length <= maxBytes ? File.ReadAllBytes(file.FullName) : null;
    }

    public void Replace(string name, ReadOnlySpan<byte> content) => DurableFile.Replace(PathOf(name), content);

    public void Delete(string name)
    {
        File.Delete(PathOf(name));
        DurableFile.FlushDirectory(folder);
    }

    private string PathOf(string name) => Path.Combine(folder, name + ".json");
}
