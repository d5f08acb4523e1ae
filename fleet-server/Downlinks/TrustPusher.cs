using System.Threading.Channels;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Trust;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.FleetServer.Downlinks;

/// <summary>Brings root, roster and notice to devices that know older ones: when it changes, and when a device says in an epoch what it knows.</summary>
internal sealed class TrustPusher : BackgroundService
{
    private readonly TrustService _trust;
    private readonly IDeviceDirectory _devices;
    private readonly IDownlink _downlink;
    private readonly Channel<PrincipalId> _due = Channel.CreateUnbounded<PrincipalId>();

    public TrustPusher(TrustService trust, IDeviceDirectory devices, IDownlink downlink)
    {
        _trust = trust;
        _devices = devices;
        _downlink = downlink;
        trust.Subscribe(PushToAll);
    }

    /// <summary>A device told which notice it knows.</summary>
    public void DeviceKnows(PrincipalId device, ulong noticeNumber)
    {
        if (noticeNumber < _trust.NoticeNumber)
        {
            _due.Writer.TryWrite(device);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var device in _due.Reader.ReadAllAsync(stoppingToken))
        {
            // A device that does not get it tells with its next epoch that it still knows the old one.
            await _downlink.SendAsync(device, StreamId.Control, RecordType.Trust, _trust.Current, stoppingToken);
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
