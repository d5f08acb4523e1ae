using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Telemetry;
using Messaging.Wire;

namespace Messaging.FleetServer.Ingest;

/// <summary>The senders in memory, loaded from the store when they are needed and forgotten when they are idle or in doubt.</summary>
internal sealed class Senders(ITelemetryStore store, IDeviceDirectory devices, IngestOptions options, TimeProvider time) : IDisposable
{
    private readonly Dictionary<PrincipalId, Sender> _senders = [];

    public Sender Of(PrincipalId device)
    {
        if (!_senders.TryGetValue(device, out var sender))
        {
            _senders.Add(device, sender = new Sender(device, store));
            TellBoot(sender);
        }

        sender.UsedAt = time.GetTimestamp();
        return sender;
    }

    /// <summary>What is in memory may be ahead of the store: it is read again.</summary>
    public void Forget(PrincipalId device)
    {
        if (_senders.Remove(device, out var sender))
        {
            sender.Dispose();
        }
    }

    public void ForgetIdle()
    {
        foreach (var sender in _senders.Values.Where(sender => time.GetElapsedTime(sender.UsedAt) > options.IdleState).ToList())
        {
            Forget(sender.Device);
        }
    }

    public void Dispose()
    {
        foreach (var sender in _senders.Values)
        {
            sender.Dispose();
        }

        _senders.Clear();
    }

    /// <summary>After a restart of this process the device's boot is known again without a word of the device.</summary>
    private void TellBoot(Sender sender)
    {
        if (sender.Newest?.Row is { } newest)
        {
            devices.ChangePresence(sender.Device, presence => presence.Boot is null
                ? presence with { Boot = new DeviceBoot(newest.BootId, newest.EpochNo, newest.UptimeMs, newest.OpenedAt) }
                : presence);
        }
    }
}
