using System.Collections.Concurrent;
using Messaging.Wire;

namespace Messaging.Relay.Principals;

/// <summary>
/// Whom the relay lets in, as control said it: in memory only, empty until control has sent a whole snapshot.
/// Look-ups are lock-free; updates come one at a time.
/// </summary>
internal sealed class PrincipalDirectory
{
    private readonly Lock _updating = new();
    private volatile ConcurrentDictionary<PrincipalId, KnownPrincipal>? _current;
    private Dictionary<PrincipalId, KnownPrincipal>? _staged;
    private ulong _stagedVersion;
    private ulong _version;

    /// <summary>False until the first snapshot is complete.</summary>
    public bool IsReady => _current is not null;

    /// <summary>Control's version of what is in force.</summary>
    public ulong Version => Volatile.Read(ref _version);

    /// <summary>How many principals are known, revoked ones included.</summary>
    public int Count => _current?.Count ?? 0;

    /// <summary>What is known of a principal, or null.</summary>
    public KnownPrincipal? Find(PrincipalId id) => _current is { } current && current.TryGetValue(id, out var known) ? known : null;

    /// <summary>Applies an update whole, or not at all.</summary>
    public DirectoryOutcome Apply(DirectoryUpdate update)
    {
        var entries = new KnownPrincipal[update.Entries.Count];
        for (var index = 0; index < entries.Length; index++)
        {
            if (KnownPrincipal.From(update.Entries[index]) is not { } known)
            {
                return DirectoryOutcome.InvalidKey;
            }

            entries[index] = known;
        }

        lock (_updating)
        {
            return update.Kind switch
            {
                DirectoryUpdateKind.Delta => Change(update.Version, entries),
                DirectoryUpdateKind.SnapshotBegin => Begin(update.Version, entries),
                DirectoryUpdateKind.SnapshotPart => Stage(update.Version, entries),
                DirectoryUpdateKind.SnapshotEnd => End(update.Version, entries),
                _ => DirectoryOutcome.OutOfOrder,
            };
        }
    }

    private DirectoryOutcome Change(ulong version, KnownPrincipal[] entries)
    {
        if (_current is not { } current || version <= _version)
        {
            return DirectoryOutcome.OutOfOrder;
        }

        foreach (var entry in entries)
        {
            current[entry.Id] = entry;

            // A snapshot on its way was taken before this change and must not undo it.
            if (_staged is not null)
            {
                _staged[entry.Id] = entry;
            }
        }

        Volatile.Write(ref _version, version);
        return DirectoryOutcome.Changed;
    }

    private DirectoryOutcome Begin(ulong version, KnownPrincipal[] entries)
    {
        _staged = [];
        _stagedVersion = version;
        return Stage(version, entries);
    }

    private DirectoryOutcome Stage(ulong version, KnownPrincipal[] entries)
    {
        if (_staged is null || version != _stagedVersion)
        {
            return DirectoryOutcome.OutOfOrder;
        }

        foreach (var entry in entries)
        {
            _staged[entry.Id] = entry;
        }

        return DirectoryOutcome.Staged;
    }

    private DirectoryOutcome End(ulong version, KnownPrincipal[] entries)
    {
        var outcome = Stage(version, entries);
        if (outcome != DirectoryOutcome.Staged || _staged is null)
        {
            return outcome;
        }

        _current = new ConcurrentDictionary<PrincipalId, KnownPrincipal>(_staged);
        _staged = null;
        Volatile.Write(ref _version, version);
        return DirectoryOutcome.Replaced;
    }
}
