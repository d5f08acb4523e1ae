namespace Messaging.Updates.Metadata;

/// <summary>Which snapshot is the newest (TUF 4.6). Parsed, and not verified.</summary>
public sealed class TimestampMetadata : TufMetadata
{
    private TimestampMetadata(TufEnvelope envelope)
        : base(envelope, TufNames.Timestamp)
    {
        var meta = Fields.Map(envelope.Signed, "meta", 1);
        Snapshot = MetaFile.Read(Fields, Fields.Member(meta, TufNames.SnapshotFile, TufJsonKind.Object));
    }

    /// <summary><c>snapshot.json</c>.</summary>
    public MetaFile Snapshot { get; }

    /// <exception cref="TufException">It is <see cref="TufFailure.Malformed"/>.</exception>
    public static TimestampMetadata Parse(ReadOnlySpan<byte> bytes) => new(TufEnvelope.Parse(bytes, TufNames.Timestamp));
}
