using Messaging.Agent.Clock;
using Messaging.Agent.Disk;
using Messaging.Rosters;

namespace Messaging.Agent.Rosters;

/// <summary>
/// Who is who in the fleet, as the pinned root key signed it. Its version only rises, over restarts too. Thread-safe.
/// </summary>
internal sealed class RosterStore
{
    private readonly Lock _gate = new();
    private readonly IDisk _disk;
    private readonly string _path;
    private readonly byte[] _rootFingerprint;
    private readonly TrustedClock _clock;
    private Roster _current;

    private RosterStore(IDisk disk, string path, byte[] rootFingerprint, TrustedClock clock, Roster current)
    {
        _disk = disk;
        _path = path;
        _rootFingerprint = rootFingerprint;
        _clock = clock;
        _current = current;
        clock.Follow(current.Content);
    }

    public Roster Current => Volatile.Read(ref _current);

    /// <summary>True when the newest roster on disk could not be used and the one of the enrolment took its place.</summary>
    public bool WasLost { get; private init; }

    /// <summary>The newest of what is on disk and what came with the enrolment; null when neither is signed by the fleet's root key.</summary>
    /// <exception cref="IOException">The disk cannot be read.</exception>
    public static RosterStore? Open(IDisk disk, string path, byte[] rootFingerprint, ReadOnlySpan<byte> enrolled, TrustedClock clock)
    {
        Roster? stored = null;
        var exists = disk.Exists(path);
        if (exists && disk.Open(path, create: false) is { } file)
        {
            using (file)
            {
                // One byte more than a roster can have: a longer file is none.
                var bytes = new byte[Math.Min(file.Length, Roster.MaxBytes + 1)];
                _ = Roster.TryVerify(bytes.AsSpan(0, file.Read(0, bytes)), rootFingerprint, out stored);
            }
        }

        Roster.TryVerify(enrolled, rootFingerprint, out var original);
        var current = stored is null || original?.Content.Version > stored.Content.Version ? original : stored;
        return current is null ? null : new RosterStore(disk, path, rootFingerprint, clock, current) { WasLost = exists && stored is null };
    }

    /// <summary>Takes over a roster that is newer; durable before it counts.</summary>
    /// <exception cref="IOException">It cannot be written; nothing changed.</exception>
    public RosterVerdict Apply(ReadOnlySpan<byte> bytes)
    {
        if (!Roster.TryVerify(bytes, _rootFingerprint, out var roster))
        {
            return RosterVerdict.NotAuthentic;
        }

        lock (_gate)
        {
            var current = _current.Content;
            if (roster.Content.FleetId != current.FleetId)
            {
                return RosterVerdict.NotAuthentic;
            }

            if (roster.Content.Version <= current.Version)
            {
                return roster.Content.Version == current.Version ? RosterVerdict.Known : RosterVerdict.Older;
            }

            AtomicFile.Write(_disk, _path, bytes);
            Volatile.Write(ref _current, roster);
        }

        _clock.Follow(roster.Content);
        return RosterVerdict.Applied;
    }
}
