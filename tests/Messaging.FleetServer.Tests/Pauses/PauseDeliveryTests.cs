using Messaging.FleetServer.Events;
using Messaging.FleetServer.Tests.Harness;
using Messaging.Streams;

namespace Messaging.FleetServer.Tests.Pauses;

public sealed class PauseDeliveryTests
{
    [Fact]
    public async Task Pause_OfADevice_ReachesItBoundToItsBootAndAgainAfterARestart()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var book = fleet.Control.Pauses;
        await device.SendAsync(StreamId.Metrics, RecordType.Metrics, device.Metric(1_700_000_000_000, 1));
        await device.AcknowledgedAsync("the server knows the boot");

        var changed = 0;
        using var subscription = fleet.Control.Get<IFleetEvents>().Subscribe(one => Interlocked.Add(ref changed, one is DeviceChanged { DeviceId: var id } && id == device.Id.ToString() ? 1 : 0));
        book.Set(device.Id, TimeSpan.FromMinutes(10));
        await Until.True(() => device.Pauses.Count == 1, "the pause arrives");
        Assert.NotEqual(0, Volatile.Read(ref changed));

        var pause = device.Pauses.First();
        Assert.Equal((device.Boot, PauseCause.Operator), (pause.BootId, pause.Cause));
        Assert.InRange(pause.UntilUptimeMs, device.UptimeMs + 590_000, device.UptimeMs + 660_000);

        device.Restart();
        await device.SendOpeningAsync();
        await Until.True(() => device.Pauses.Count >= 2, "an agent that was started anew is told again");

        book.Set(device.Id, length: null);
        await Until.True(() => device.Pauses.Last().UntilUptimeMs == 0, "its end arrives");
    }

    [Fact]
    public async Task Pause_OfAll_ReachesEveryDevice()
    {
        await using var fleet = await Fleet.StartAsync();
        var first = await fleet.EnrolAsync();
        var second = await fleet.EnrolAsync();
        foreach (var device in new[] { first, second })
        {
            await device.SendAsync(StreamId.Metrics, RecordType.Metrics, device.Metric(1_700_000_000_000, 1));
            await device.AcknowledgedAsync("the server knows the boot");
        }

        fleet.Control.Pauses.SetAll(TimeSpan.FromMinutes(1));

        await Until.True(() => first.Pauses.Count == 1 && second.Pauses.Count == 1, "both are told");
    }

    [Fact]
    public async Task AckRequest_IsAnsweredWithAnAcknowledgementOfNothing()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();

        await device.SendAsync(StreamId.Volatile, RecordType.AckRequest, AckRequest.Encode());

        await Until.True(() => device.EmptyAcks == 1, "control says that it is there");
    }
}
