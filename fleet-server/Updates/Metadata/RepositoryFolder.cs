using Messaging.FleetServer.Storage;

namespace Messaging.FleetServer.Updates.Metadata;

/// <inheritdoc cref="IRepositoryFiles"/>
internal sealed class RepositoryFolder : IRepositoryFiles
{
    private readonly string _folder;

    public RepositoryFolder(string folder)
    {
        _folder = folder;
        var parent = Path.GetDirectoryName(folder)!;
        DurableFile.CreatePrivateDirectory(parent);
        DurableFile.CreatePrivateDirectory(folder);
        DurableFile.FlushDirectory(parent);
        DurableFile.FlushDirectory(Path.GetDirectoryName(parent)!);
    }

    public byte[]? Read(string name) => File.Exists(PathOf(name)) ? File.ReadAllBytes(PathOf(name)) : null;

    public void Replace(string name, ReadOnlySpan<byte> content) => DurableFile.Replace(PathOf(name), content);

    public void Delete(string name)
    {
        File.Delete(PathOf(name));
        DurableFile.FlushDirectory(_folder);
    }

    public IReadOnlyList<string> List() => [.. new DirectoryInfo(_folder).EnumerateFiles().Select(static file => file.Name)];

    private string PathOf(string name) => Path.Combine(_folder, name);
}
