namespace Messaging.Updates.Metadata;

/// <summary>A metadata file as another one lists it (METAFILES, TUF 4.4).</summary>
public sealed class MetaFile
{
    private MetaFile(long version, long? length, TufHashes? hashes) => (Version, Length, Hashes) = (version, length, hashes);

    /// <summary>Its version.</summary>
    public long Version { get; }

    /// <summary>Its length in bytes, or null when that is not listed.</summary>
    public long? Length { get; }

    /// <summary>Its hashes, or null when they are not listed.</summary>
    public TufHashes? Hashes { get; }

    internal static MetaFile Read(TufFields fields, TufJson file) => new(
        fields.Number(file, "version", 1),
        fields.Optional(file, "length", TufJsonKind.Integer) is null ? null : fields.Number(file, "length", 1),
        fields.Optional(file, "hashes", TufJsonKind.Object) is { } hashes ? TufHashes.Read(fields, hashes) : null);
}
