using Messaging.Agent.Clock;
using Messaging.Agent.Disk;
using Messaging.Trust;

namespace Messaging.Agent.Trust;

/// <summary>
/// Whom this device trusts: what it began with at its enrolment, and what has proved itself since. It only goes forward, over restarts
/// too. Thread-safe.
/// </summary>
internal sealed class FleetTrustStore
{
    private readonly Lock _gate = new();
    private readonly IDisk _disk;
    private readonly string _path;
    private readonly TrustedClock _clock;
    private FleetTrust _current;

    private FleetTrustStore(IDisk disk, string path, TrustedClock clock, FleetTrust current)
    {
        _disk = disk;
        _path = path;
        _clock = clock;
        _current = current;
        clock.Follow(current);
    }

    public FleetTrust Current => Volatile.Read(ref _current);

    /// <summary>Raised, outside of the lock, when something newer counts.</summary>
    public event Action? Changed;

    /// <summary>True when the newest on disk could not be used and what came with the enrolment took its place.</summary>
    public bool WasLost { get; private init; }

    /// <summary>The newest of what is on disk and what came with the enrolment; null when neither rests on the root of the enrolment.</summary>
    /// <param name="fingerprint">Of that root: SHA-256 of its payload.</param>
    /// <param name="enrolled">The bundle of the enrolment.</param>
    /// <exception cref="IOException">The disk cannot be read.</exception>
    public static FleetTrustStore? Open(IDisk disk, string path, byte[] fingerprint, ReadOnlySpan<byte> enrolled, TrustedClock clock)
    {
        FleetTrust? stored = null;
        var exists = disk.Exists(path);
        if (exists && disk.Open(path, create: false) is { } file)
        {
            using (file)
            {
                // One byte more than a bundle can have: a longer file is none.
                var bytes = new byte[Math.Min(file.Length, TrustBundle.MaxBytes + 1)];
                FleetTrust.Begin(bytes.AsSpan(0, file.Read(0, bytes)), fingerprint, out stored);
            }
        }

        FleetTrust.Begin(enrolled, fingerprint, out var current);
        if (stored is not null && current is not null)
        {
            stored.Next(enrolled, out stored);
        }

        current = stored ?? current;
        return current is null ? null : new FleetTrustStore(disk, path, clock, current) { WasLost = exists && stored is null };
    }

    /// <summary>Takes over what is newer; durable before it counts.</summary>
    /// <exception cref="IOException">It cannot be written; nothing changed.</exception>
    public TrustVerdict Apply(ReadOnlySpan<byte> bundle)
    {
        lock (_gate)
        {
            var verdict = _current.Next(bundle, out var next);
            if (verdict != TrustVerdict.Applied)
            {
                return verdict;
            }

            AtomicFile.Write(_disk, _path, next.Bundle.Encode());
            Volatile.Write(ref _current, next);
        }

        _clock.Follow(Current);
        Changed?.Invoke();
        return TrustVerdict.Applied;
    }
}
