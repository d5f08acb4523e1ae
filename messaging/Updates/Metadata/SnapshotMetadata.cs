using System.Text;

namespace Messaging.Updates.Metadata;

/// <summary>Which versions of the targets files belong together (TUF 4.4). Parsed, and not verified.</summary>
public sealed class SnapshotMetadata : TufMetadata
{
    private readonly Dictionary<string, MetaFile> _files;

    private SnapshotMetadata(TufEnvelope envelope)
        : base(envelope, TufNames.Snapshot)
    {
        var meta = Fields.Map(envelope.Signed, "meta", TufLimits.MaxMetaFiles);
        _files = new Dictionary<string, MetaFile>(meta.Items.Length, StringComparer.Ordinal);
        for (var i = 0; i < meta.Items.Length; i++)
        {
            _files.Add(Encoding.UTF8.GetString(meta.Names[i]), MetaFile.Read(Fields, meta.Items[i]));
        }

        _ = Find(TufNames.Targets) ?? throw Fields.Malformed("targets.json is not listed");
    }

    /// <summary>By their names, with <c>.json</c> and without a version.</summary>
    public IReadOnlyDictionary<string, MetaFile> Files => _files;

    /// <exception cref="TufException">It is <see cref="TufFailure.Malformed"/>.</exception>
    public static SnapshotMetadata Parse(ReadOnlySpan<byte> bytes) => new(TufEnvelope.Parse(bytes, TufNames.Snapshot));

    /// <summary>The file of a role, or null when it is not listed.</summary>
    internal MetaFile? Find(string role) => _files.TryGetValue(role + TufNames.Extension, out var file) ? file : null;
}
