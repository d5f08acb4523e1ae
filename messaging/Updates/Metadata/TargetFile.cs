namespace Messaging.Updates.Metadata;

/// <summary>A file that a repository has for its users (TARGETS, TUF 4.5).</summary>
public sealed class TargetFile
{
    private readonly TufJson? _custom;

    private TargetFile(string path, long length, TufHashes hashes, TufJson? custom) => (Path, Length, Hashes, _custom) = (path, length, hashes, custom);

    /// <summary>Its path, relative to the folder of targets.</summary>
    public string Path { get; }

    /// <summary>In bytes.</summary>
    public long Length { get; }

    /// <summary>At least one, maybe none that is known here.</summary>
    public TufHashes Hashes { get; }

    /// <summary>What the repository says of it besides, an object in canonical JSON; empty when it says nothing.</summary>
    public ReadOnlyMemory<byte> Custom => _custom is null ? ReadOnlyMemory<byte>.Empty : CanonicalJson.Write(_custom);

    internal static TargetFile Read(TufFields fields, string path, TufJson target) => new(
        path,
        fields.Number(target, "length", 0),
        TufHashes.Read(fields, fields.Member(target, "hashes", TufJsonKind.Object)),
        fields.Optional(target, "custom", TufJsonKind.Object));
}
