namespace Messaging.Updates.Metadata;

/// <summary>The keys of the four top-level roles (TUF 4.3). Parsed, and not verified.</summary>
public sealed class RootMetadata : TufMetadata
{
    private RootMetadata(TufEnvelope envelope)
        : base(envelope, TufNames.Root)
    {
        ConsistentSnapshot = Fields.Flag(envelope.Signed, "consistent_snapshot");
        Keys = TufKey.ReadMap(Fields, envelope.Signed);
        var roles = Fields.Map(envelope.Signed, "roles", TufLimits.MaxDelegations);
        Root = TufRole.Read(Fields, Fields.Member(roles, TufNames.Root, TufJsonKind.Object));
        Timestamp = TufRole.Read(Fields, Fields.Member(roles, TufNames.Timestamp, TufJsonKind.Object));
        Snapshot = TufRole.Read(Fields, Fields.Member(roles, TufNames.Snapshot, TufJsonKind.Object));
        Targets = TufRole.Read(Fields, Fields.Member(roles, TufNames.Targets, TufJsonKind.Object));
    }

    /// <summary>Whether files are named after their versions, and targets after their hashes.</summary>
    public bool ConsistentSnapshot { get; }

    /// <summary>By their ids.</summary>
    public IReadOnlyDictionary<string, TufKey> Keys { get; }

    /// <summary>Of this file and the next root.</summary>
    public TufRole Root { get; }

    /// <summary>Of <c>timestamp.json</c>.</summary>
    public TufRole Timestamp { get; }

    /// <summary>Of <c>snapshot.json</c>.</summary>
    public TufRole Snapshot { get; }

    /// <summary>Of <c>targets.json</c>.</summary>
    public TufRole Targets { get; }

    /// <exception cref="TufException">It is <see cref="TufFailure.Malformed"/>.</exception>
    public static RootMetadata Parse(ReadOnlySpan<byte> bytes) => new(TufEnvelope.Parse(bytes, TufNames.Root));
}
