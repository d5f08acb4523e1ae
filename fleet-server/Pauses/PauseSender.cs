using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Downlinks;
using Messaging.FleetServer.Events;
using Messaging.Streams;
using Messaging.Wire;
using Microsoft.Extensions.Hosting;

namespace Messaging.FleetServer.Pauses;

/// <summary>Tells devices of their pauses, and who looks at them. One that is away is told when it opens an epoch.</summary>
internal sealed class PauseSender(PauseBook book, IDeviceDirectory devices, IDownlink downlink, IFleetEvents events, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var due in book.Due.ReadAllAsync(stoppingToken))
        {
            IEnumerable<PrincipalId> whom = due is { } device
                ? [device]
                : devices.Stored.Where(stored => stored.Status == DeviceStatus.Active).Select(stored => PrincipalId.Parse(stored.Id));
            foreach (var one in whom)
            {
                events.Publish(new DeviceChanged(one.ToString()));
                await TellAsync(one, stoppingToken);
            }
        }
    }

    private async Task TellAsync(PrincipalId device, CancellationToken cancellationToken)
    {
        if (devices.Presence(device)?.Boot is not { } boot)
        {
            return;
        }

        var now = time.GetUtcNow();
        var pause = book.Of(device) is { } asked
            ? new Pause(boot.Id, (ulong)Math.Max(0, (boot.UptimeAt(now) + (asked.Until - now)).TotalMilliseconds), asked.Cause)
            : new Pause(boot.Id, 0, PauseCause.Operator);
        await downlink.SendAsync(device, StreamId.Control, RecordType.Pause, pause.Encode(), cancellationToken);
    }
}
