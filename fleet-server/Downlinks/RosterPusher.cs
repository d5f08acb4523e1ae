using System.Threading.Channels;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Rosters;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.FleetServer.Downlinks;

/// <summary>Brings the roster to devices that know an older one: when it changes, and when a device says in an epoch what it knows.</summary>
internal sealed class RosterPusher : BackgroundService
{
    private readonly RosterService _roster;
    private readonly IDeviceDirectory _devices;
    private readonly IDownlink _downlink;
    private readonly Channel<PrincipalId> _due = Channel.CreateUnbounded<PrincipalId>();

    public RosterPusher(RosterService roster, IDeviceDirectory devices, IDownlink downlink)
    {
        _roster = roster;
        _devices = devices;
        _downlink = downlink;
        roster.Subscribe(_ => PushToAll());
    }

    /// <summary>A device told which version it knows.</summary>
    public void DeviceKnows(PrincipalId device, ulong version)
    {
        if (version < _roster.Version)
        {
            _due.Writer.TryWrite(device);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var device in _due.Reader.ReadAllAsync(stoppingToken))
        {
            // A device that does not get it tells with its next epoch that it still knows the old one.
            await _downlink.SendAsync(device, StreamId.Control, RecordType.Roster, _roster.Current, stoppingToken);
        }
    }

    private void PushToAll()
    {
        foreach (var device in _devices.Stored.Where(device => device.Status == DeviceStatus.Active))
        {
            _due.Writer.TryWrite(PrincipalId.Parse(device.Id));
        }
    }
}
