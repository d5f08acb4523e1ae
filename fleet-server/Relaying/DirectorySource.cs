using System.Threading.Channels;
using Messaging.FleetServer.Devices;
using Messaging.Wire;

namespace Messaging.FleetServer.Relaying;

/// <summary>The registry as the relay is told of it: a snapshot in parts, then every change.</summary>
internal sealed class DirectorySource
{
    /// <summary>Keeps a part below the largest frame, whatever groups its entries have.</summary>
    private const int PartBytes = 128 * 1024;

    private readonly IDeviceDirectory _devices;
    private readonly Channel<DirectoryEntry> _changes = Channel.CreateUnbounded<DirectoryEntry>();
    private ulong _version;

    public DirectorySource(IDeviceDirectory devices)
    {
        _devices = devices;
        devices.Subscribe(OnChanged);
    }

    public ulong Version => Volatile.Read(ref _version);

    /// <summary>The updates that tell everything. Changes that came before are part of them.</summary>
    public IEnumerable<DirectoryUpdate> Snapshot()
    {
        while (_changes.Reader.TryRead(out _))
        {
            // A change that comes from now on is sent after the snapshot, whether the snapshot has it or not.
        }

        var version = Interlocked.Increment(ref _version);
        yield return new DirectoryUpdate(version, DirectoryUpdateKind.SnapshotBegin, []);
        foreach (var part in Parts(_devices.Stored.Where(device => device.Status != DeviceStatus.Pending).Select(Entry)))
        {
            yield return new DirectoryUpdate(version, DirectoryUpdateKind.SnapshotPart, part);
        }

        yield return new DirectoryUpdate(version, DirectoryUpdateKind.SnapshotEnd, []);
    }

    /// <summary>Waits for changes; those that are there together make one update.</summary>
    public async Task<DirectoryUpdate> NextChangeAsync(CancellationToken cancellationToken)
    {
        var entries = new List<DirectoryEntry> { await _changes.Reader.ReadAsync(cancellationToken) };
        var bytes = Size(entries[0]);
        while (bytes < PartBytes && entries.Count < DirectoryUpdate.MaxEntries && _changes.Reader.TryRead(out var entry))
        {
            // The newest word on a device is the one that counts.
            entries.RemoveAll(earlier => earlier.Id == entry.Id);
            entries.Add(entry);
            bytes += Size(entry);
        }

        return new DirectoryUpdate(Interlocked.Increment(ref _version), DirectoryUpdateKind.Delta, entries);
    }

    private static IEnumerable<List<DirectoryEntry>> Parts(IEnumerable<DirectoryEntry> entries)
    {
        var part = new List<DirectoryEntry>();
        var bytes = 0;
        foreach (var entry in entries)
        {
            part.Add(entry);
            bytes += Size(entry);
            if (bytes >= PartBytes || part.Count == DirectoryUpdate.MaxEntries)
            {
                yield return part;
                part = [];
                bytes = 0;
            }
        }

        if (part.Count > 0)
        {
            yield return part;
        }
    }

    private static int Size(DirectoryEntry entry) => 96 + (entry.Groups.Count * 17);

    private static DirectoryEntry Entry(Device device) => new(
        PrincipalId.Parse(device.Id),
        device.IdentityPoint,
        device.Status == DeviceStatus.Active ? DirectoryStatus.Active : DirectoryStatus.Revoked,
        [.. device.Groups.Select(PrincipalId.Parse)]);

    private void OnChanged(DeviceChange change)
    {
        if (change.ConcernsDirectory)
        {
            _changes.Writer.TryWrite(Entry(change.Device));
        }
    }
}
