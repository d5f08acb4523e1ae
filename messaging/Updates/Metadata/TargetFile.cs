namespace Messaging.Updates.Metadata;

/// <summary>A file that a repository has for its users (TARGETS, TUF 4.5).</summary>
/// <param name="Path">Its path, relative to the folder of targets.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Hashes">At least one, maybe none that is known here.</param>
public sealed record TargetFile(string Path, long Length, TufHashes Hashes)
{
    /// <summary>What the repository says of it besides, an object in canonical JSON; empty when it says nothing.</summary>
    public ReadOnlyMemory<byte> Custom => CustomJson is null ? ReadOnlyMemory<byte>.Empty : CanonicalJson.Write(CustomJson);

    private TufJson? CustomJson { get; init; }

    internal static TargetFile Read(TufFields fields, string path, TufJson target) =>
        new(path, fields.Number(target, "length", 0), TufHashes.Read(fields, fields.Member(target, "hashes", TufJsonKind.Object)))
        {
            CustomJson = fields.Optional(target, "custom", TufJsonKind.Object),
        };
}
