using Messaging.Updates.Keys;
using Messaging.Updates.Metadata;

namespace Messaging.Updates.Client;

/// <summary>
/// The decisions of TUF, section 5, without files and network: takes bytes in the order of the workflow, and trusts them or says why not.
/// Each method either returns with the new file trusted or throws with nothing changed.
/// </summary>
internal sealed class TrustedMetadata
{
    private readonly Signers _signers;
    private readonly DateTimeOffset _start;

    /// <summary>5.2: the trusted root. That it may have expired does not matter yet; that it is signed by its own keys does.</summary>
    /// <param name="root">The root that is kept.</param>
    /// <param name="schemes">The kinds of keys that can be verified.</param>
    /// <param name="start">5.1: the time at which the update began, at which all of it must be valid.</param>
    public TrustedMetadata(ReadOnlySpan<byte> root, IReadOnlyList<ITufScheme> schemes, DateTimeOffset start)
    {
        _signers = new Signers(schemes);
        _start = start;
        Root = RootMetadata.Parse(root);
        _signers.Demand(Root, Root.Root, Root.Keys);
    }

    public RootMetadata Root { get; private set; }

    public TimestampMetadata? Timestamp { get; private set; }

    public SnapshotMetadata? Snapshot { get; private set; }

    public TargetsMetadata? Targets { get; private set; }

    /// <summary>5.3.4, 5.3.5 and 5.3.7: the next root, signed by the keys of the one before and by its own.</summary>
    /// <returns>5.3.11: whether what the keys of the timestamp and the snapshot have signed is to be deleted.</returns>
    public bool TakeRoot(ReadOnlySpan<byte> bytes)
    {
        var next = RootMetadata.Parse(bytes);
        _signers.Demand(next, Root.Root, Root.Keys);
        _signers.Demand(next, next.Root, next.Keys);
        if (next.Version != Root.Version + 1)
        {
            throw new TufException(TufFailure.Rollback, TufNames.Root, $"version {next.Version} does not follow {Root.Version}");
        }

        var rotated = KeyRotation.IsOf(Root, next);
        Root = next;
        return rotated;
    }

    /// <summary>5.3.10: no newer root is to be had, so this one must be valid.</summary>
    public void EndRoots() => DemandFresh(Root, TufNames.Root);

    /// <summary>The timestamp that was trusted before: 5.4.3 compares with it. False when it is not, with the keys of today.</summary>
    public bool TryKeepTimestamp(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var kept = TimestampMetadata.Parse(bytes);
            _signers.Demand(kept, Root.Timestamp, Root.Keys);
            Timestamp = kept;
            return true;
        }
        catch (TufException)
        {
            // Written under keys that are no longer those of the role, or damaged: as if there were none.
            return false;
        }
    }

    /// <summary>5.4.2 to 5.4.4.</summary>
    /// <returns>Whether it is new: one of the same version is passed over (5.4.3.1).</returns>
    public bool TakeTimestamp(ReadOnlySpan<byte> bytes)
    {
        var next = TimestampMetadata.Parse(bytes);
        _signers.Demand(next, Root.Timestamp, Root.Keys);
        if (Timestamp is { } trusted)
        {
            if (next.Version < trusted.Version)
            {
                throw new TufException(TufFailure.Rollback, TufNames.Timestamp, $"version {next.Version} is older than {trusted.Version}");
            }

            if (next.Version == trusted.Version)
            {
                DemandFresh(trusted, TufNames.Timestamp);
                return false;
            }

            if (next.Snapshot.Version < trusted.Snapshot.Version)
            {
                throw new TufException(
                    TufFailure.Rollback, TufNames.Timestamp, $"its snapshot {next.Snapshot.Version} is older than {trusted.Snapshot.Version}");
            }
        }

        DemandFresh(next, TufNames.Timestamp);
        Timestamp = next;
        return true;
    }

    /// <summary>
    /// The snapshot that was trusted before: 5.5.5 compares with it, even when it is not the one that the timestamp lists.
    /// </summary>
    /// <returns>Whether it is the one that is listed, and valid, so that none has to be fetched.</returns>
    public bool TryKeepSnapshot(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var kept = SnapshotMetadata.Parse(bytes);
            _signers.Demand(kept, Root.Snapshot, Root.Keys);
            Snapshot = kept;
            DemandListed(bytes, Timestamp!.Snapshot, TufNames.Snapshot);
            DemandFinal(kept, Timestamp!.Snapshot, TufNames.Snapshot);
            return true;
        }
        catch (TufException)
        {
            return false;
        }
    }

    /// <summary>5.5.2 to 5.5.6.</summary>
    public void TakeSnapshot(ReadOnlySpan<byte> bytes)
    {
        var listed = Timestamp!.Snapshot;
        DemandListed(bytes, listed, TufNames.Snapshot);
        var next = SnapshotMetadata.Parse(bytes);
        _signers.Demand(next, Root.Snapshot, Root.Keys);
        DemandVersion(next, listed, TufNames.Snapshot);
        DemandNotOlder(next);
        DemandFresh(next, TufNames.Snapshot);
        Snapshot = next;
    }

    /// <summary>5.6.2 to 5.6.5: the top-level targets, kept or fetched.</summary>
    public void TakeTargets(ReadOnlySpan<byte> bytes) => Targets = TakeTargets(bytes, TufNames.Targets, Root.Targets, Root.Keys);

    /// <summary>5.6.2 to 5.6.5 for the role of a delegation, with the keys of the one who delegates: nothing is trusted for having been so by another path.</summary>
    public TargetsMetadata TakeDelegated(ReadOnlySpan<byte> bytes, TargetsMetadata delegator, Delegation delegation) =>
        TakeTargets(bytes, delegation.Name, delegation.Role, delegator.Keys);

    /// <summary>What the snapshot lists of a role's file.</summary>
    public MetaFile Listed(string role) =>
        Snapshot!.Find(role) ?? throw new TufException(TufFailure.Missing, role, "the snapshot does not list it");

    private static void DemandListed(ReadOnlySpan<byte> bytes, MetaFile listed, string file)
    {
        if (bytes.Length < listed.Length)
        {
            throw new TufException(TufFailure.WrongLength, file, $"it has {bytes.Length} bytes, not {listed.Length}");
        }

        if (bytes.Length > listed.Length)
        {
            throw new TufException(TufFailure.EndlessData, file, $"it has more than {listed.Length} bytes");
        }

        if (listed.Hashes?.AreOf(bytes) == false)
        {
            throw new TufException(TufFailure.WrongHash, file, "its hash is not the one that is listed");
        }
    }

    private static void DemandVersion(TufMetadata metadata, MetaFile listed, string file)
    {
        if (metadata.Version != listed.Version)
        {
            throw new TufException(TufFailure.MixAndMatch, file, $"it is version {metadata.Version}, and {listed.Version} is listed");
        }
    }

    /// <summary>5.5.5.</summary>
    private void DemandNotOlder(SnapshotMetadata next)
    {
        if (Snapshot is null)
        {
            return;
        }

        foreach (var file in Snapshot.Files)
        {
            if (!next.Files.TryGetValue(file.Key, out var now) || now.Version < file.Value.Version)
            {
                throw new TufException(TufFailure.Rollback, TufNames.Snapshot, $"{file.Key} {file.Value.Version} is no longer listed, or an older one is");
            }
        }
    }

    private TargetsMetadata TakeTargets(ReadOnlySpan<byte> bytes, string role, TufRole signers, IReadOnlyDictionary<string, TufKey> keys)
    {
        var listed = Listed(role);
        DemandListed(bytes, listed, role);
        var next = TargetsMetadata.Parse(bytes, role);
        _signers.Demand(next, signers, keys);
        DemandFinal(next, listed, role);
        return next;
    }

    private void DemandFinal(TufMetadata metadata, MetaFile listed, string file)
    {
        DemandVersion(metadata, listed, file);
        DemandFresh(metadata, file);
    }

    private void DemandFresh(TufMetadata metadata, string file)
    {
        if (metadata.Expires <= _start)
        {
            throw new TufException(TufFailure.Freeze, file, $"version {metadata.Version} expired at {metadata.Expires:yyyy-MM-ddTHH:mm:ssZ}");
        }
    }
}
