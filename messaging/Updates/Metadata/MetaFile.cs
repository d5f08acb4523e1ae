namespace Messaging.Updates.Metadata;

/// <summary>A metadata file as another one lists it (METAFILES, TUF 4.4).</summary>
/// <param name="Version">Its version.</param>
/// <param name="Length">Its length in bytes, or null when that is not listed.</param>
/// <param name="Hashes">Its hashes, or null when they are not listed.</param>
public sealed record MetaFile(long Version, long? Length, TufHashes? Hashes)
{
    internal static MetaFile Read(TufFields fields, TufJson file) => new(
        fields.Number(file, "version", 1),
        fields.Optional(file, "length", TufJsonKind.Integer) is null ? null : fields.Number(file, "length", 1),
        fields.Optional(file, "hashes", TufJsonKind.Object) is { } hashes ? TufHashes.Read(fields, hashes) : null);
}
