namespace Messaging.FleetServer.Devices;

/// <summary>One device in memory: the stored entry, replaced as a whole, and its presence.</summary>
internal sealed class DeviceSlot(Device stored)
{
    private readonly Lock _lock = new();
    private volatile Device _stored = stored;
    private volatile DevicePresence _presence = new() { LastAuthenticated = stored.LastSeen };

    /// <summary>One change at a time.</summary>
    public SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>Never changed in place.</summary>
    public Device Stored
    {
        get => _stored;
        set => _stored = value;
    }

    public DevicePresence Presence => _presence;

    /// <summary>What was last told to the live view.</summary>
    public bool AnnouncedOnline { get; set; }

    public bool IsOnline(DateTimeOffset now) =>
        _stored.Status == DeviceStatus.Active && _presence.IsOnline(now, LongestSilence(_stored));

    /// <summary>Returns whether the visible part (connected, online) is another than before.</summary>
    public bool Change(Func<DevicePresence, DevicePresence> change, DateTimeOffset now)
    {
        lock (_lock)
        {
            var connected = _presence.Connected;
            _presence = change(_presence);
            var online = IsOnline(now);
            var visible = online != AnnouncedOnline || connected != _presence.Connected;
            AnnouncedOnline = online;
            return visible;
        }
    }

    public DeviceSnapshot Snapshot(DateTimeOffset now)
    {
        var device = _stored;
        var presence = _presence;
        return new DeviceSnapshot
        {
            Id = device.Id,
            Name = device.Name,
            Status = device.Status,
            StatusReason = device.StatusReason,
            Online = device.Status == DeviceStatus.Active && presence.IsOnline(now, LongestSilence(device)),
            Connected = presence.Connected,
            Transport = presence.Transport,
            CreatedAt = device.CreatedAt,
            EnrolledAt = device.EnrolledAt,
            LastSeen = presence.LastAuthenticated,
            Uptime = presence.Boot?.UptimeAt(now),
            BootId = presence.Boot?.Id.ToString(),
            Tags = device.Tags,
            Groups = device.Groups,
            Facts = device.Facts,
            Intervals = device.Intervals,
            AllowedCommands = device.AllowedCommands,
            Scripts = device.Scripts,
            Units = device.Units,
        };
    }

    /// <summary>How long it may say nothing: as often as it measures, or as seldom as it says that it sends.</summary>
    private static TimeSpan? LongestSilence(Device device)
    {
        TimeSpan? shortest = device.Intervals.Count == 0 ? null : TimeSpan.FromMilliseconds(device.Intervals.Values.Min());
        return DeviceFacts.Silence(device.Facts) is { } silence && !(shortest > silence) ? silence : shortest;
    }
}
