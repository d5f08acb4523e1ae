using System.Collections.Concurrent;
using System.Collections.Immutable;
using Messaging.FleetServer.Events;
using Messaging.FleetServer.Storage;
using Messaging.Wire;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Devices;

/// <inheritdoc cref="IDeviceRegistry"/>
/// <remarks>Loaded once at start; this process is the only one that writes the table.</remarks>
internal sealed class DeviceRegistry(IDbContextFactory<FleetDbContext> database, IFleetEvents events, TimeProvider time)
    : IDeviceRegistry, IDeviceDirectory
{
    private readonly ConcurrentDictionary<PrincipalId, DeviceSlot> _slots = new();

    private ImmutableArray<Action<DeviceChange>> _handlers = [];

    public IReadOnlyList<Device> Stored => [.. _slots.Values.Select(slot => slot.Stored)];

    public void Subscribe(Action<DeviceChange> handler) =>
        ImmutableInterlocked.Update(ref _handlers, (all, added) => all.Add(added), handler);

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.CreateDbContextAsync(cancellationToken);
        await foreach (var device in db.Set<Device>().AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            _slots[PrincipalId.Parse(device.Id)] = new DeviceSlot(device);
        }
    }

    public IReadOnlyList<DeviceSnapshot> List()
    {
        var now = time.GetUtcNow();
        return [.. _slots.Values.Select(slot => slot.Snapshot(now))];
    }

    public DeviceSnapshot? Find(string deviceId) =>
        PrincipalId.TryParse(deviceId, out var id) && _slots.TryGetValue(id, out var slot) ? slot.Snapshot(time.GetUtcNow()) : null;

    public Device? Get(PrincipalId id) => _slots.GetValueOrDefault(id)?.Stored;

    public DevicePresence? Presence(PrincipalId id) => _slots.GetValueOrDefault(id)?.Presence;

    public bool IsOnline(PrincipalId id) => _slots.GetValueOrDefault(id)?.IsOnline(time.GetUtcNow()) ?? false;

    public async Task<DeviceSnapshot?> UpdateAsync(
        string deviceId, string? name, IReadOnlyList<string>? tags, CancellationToken cancellationToken)
    {
        var newName = name is null ? null : DeviceText.CheckName(name);
        var newTags = tags is null ? null : DeviceText.CheckTags(tags);
        if (!PrincipalId.TryParse(deviceId, out var id))
        {
            return null;
        }

        await ChangeAsync(id, device => Describe(device, newName, newTags), cancellationToken);
        return Find(deviceId);
    }

    public async Task<bool> RevokeAsync(string deviceId, string reason, CancellationToken cancellationToken) =>
        PrincipalId.TryParse(deviceId, out var id)
        && await ChangeAsync(id, device => Revoke(device, reason), cancellationToken) is not null;

    public async Task<bool> AddAsync(
        Device device, Func<FleetDbContext, CancellationToken, Task<bool>> with, CancellationToken cancellationToken)
    {
        var slot = new DeviceSlot(device);
        await slot.Gate.WaitAsync(cancellationToken);
        try
        {
            if (!_slots.TryAdd(PrincipalId.Parse(device.Id), slot))
            {
                throw new InvalidOperationException($"Device {device.Id} is in the registry already.");
            }

            if (!await InsertAsync(device, with, cancellationToken))
            {
                return false;
            }
        }
        finally
        {
            slot.Gate.Release();
        }

        Announce(new DeviceChange(device, null));
        return true;
    }

    public async Task<Device?> ChangeAsync(PrincipalId id, Func<Device, bool> change, CancellationToken cancellationToken)
    {
        if (!_slots.TryGetValue(id, out var slot))
        {
            return null;
        }

        await slot.Gate.WaitAsync(cancellationToken);
        try
        {
            var before = slot.Stored;
            var after = before.Copy();
            if (!change(after))
            {
                return before;
            }

            after.LastSeen = slot.Presence.LastAuthenticated;
            await using (var db = await database.CreateDbContextAsync(cancellationToken))
            {
                db.Update(after);
                await db.SaveChangesAsync(cancellationToken);
            }

            slot.Stored = after;
            Announce(new DeviceChange(after, before));
            return after;
        }
        finally
        {
            slot.Gate.Release();
        }
    }

    public void ChangePresence(PrincipalId id, Func<DevicePresence, DevicePresence> change)
    {
        if (_slots.TryGetValue(id, out var slot) && slot.Change(change, time.GetUtcNow()))
        {
            events.Publish(new DeviceChanged(slot.Stored.Id));
        }
    }

    public void ForgetConnections()
    {
        foreach (var id in _slots.Keys)
        {
            ChangePresence(id, presence => presence.Forget());
        }
    }

    /// <summary>Tells the live view of the devices that fell silent.</summary>
    public void ReviewPresence()
    {
        foreach (var id in _slots.Keys)
        {
            ChangePresence(id, presence => presence);
        }
    }

    /// <summary>Stores when devices were last seen: lazily, because it is worth no write of its own.</summary>
    public async Task SaveLastSeenAsync(CancellationToken cancellationToken)
    {
        foreach (var (id, slot) in _slots)
        {
            var seen = slot.Presence.LastAuthenticated;
            if (seen is null || seen <= slot.Stored.LastSeen)
            {
                continue;
            }

            await using var db = await database.CreateDbContextAsync(cancellationToken);
            var text = id.ToString();
            await db.Set<Device>().Where(device => device.Id == text)
                .ExecuteUpdateAsync(update => update.SetProperty(device => device.LastSeen, seen), cancellationToken);
        }
    }

    private static bool Describe(Device device, string? name, IReadOnlyList<string>? tags)
    {
        var changed = (name is not null && name != device.Name)
            || (tags is not null && !tags.SequenceEqual(device.Tags, StringComparer.Ordinal));
        device.Name = name ?? device.Name;
        device.Tags = tags is null ? device.Tags : [.. tags];
        return changed;
    }

    private static bool Revoke(Device device, string reason)
    {
        var changed = device.Status != DeviceStatus.Revoked;
        device.Status = DeviceStatus.Revoked;
        device.StatusReason = changed ? reason : device.StatusReason;
        return changed;
    }

    private async Task<bool> InsertAsync(
        Device device, Func<FleetDbContext, CancellationToken, Task<bool>> with, CancellationToken cancellationToken)
    {
        var stored = false;
        try
        {
            await using var db = await database.CreateDbContextAsync(cancellationToken);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            db.Add(device);
            await db.SaveChangesAsync(cancellationToken);
            if (await with(db, cancellationToken))
            {
                await transaction.CommitAsync(cancellationToken);
                stored = true;
            }
        }
        finally
        {
            if (!stored)
            {
                _slots.TryRemove(PrincipalId.Parse(device.Id), out _);
            }
        }

        return stored;
    }

    private void Announce(DeviceChange change)
    {
        foreach (var handler in _handlers)
        {
            handler(change);
        }

        events.Publish(new DeviceChanged(change.Device.Id));
    }
}
