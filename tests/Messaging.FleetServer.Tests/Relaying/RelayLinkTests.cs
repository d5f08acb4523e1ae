using Messaging.Crypto;
using Messaging.Enrolment;
using Messaging.FleetServer.Relaying;
using Messaging.FleetServer.Tests.Harness;
using Messaging.FleetServer.Trust;
using Messaging.Streams;

namespace Messaging.FleetServer.Tests.Relaying;

public sealed class RelayLinkTests
{
    private const long Start = 1_700_000_000_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Revoke_OfAConnectedDevice_CutsItOff()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        await device.SendAsync(StreamId.Metrics, RecordType.Metrics, device.Metric(Start, 1));
        await Until.True(() => fleet.Control.Devices.Find(device.Name)!.Online, "the device is online");

        await fleet.Control.Devices.RevokeAsync(device.Name, "stolen", Cancellation);

        Assert.False(fleet.Control.Devices.Find(device.Name)!.Online);
        await Until.True(() => !device.IsConnected, "the relay cuts the device");
    }

    [Fact]
    public async Task Relay_ThatRestarts_GetsTheDirectoryAgain()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        await Until.True(() => fleet.Control.Relay.ConnectedDevices == 1, "the relay tells of the device");
        var port = fleet.Relay.Port;

        await fleet.StopRelayAsync();
        await Until.True(() => fleet.Control.Relay is { State: not RelayLinkState.Ready, ConnectedDevices: 0 }, "the loss is seen");
        Assert.NotNull(fleet.Control.Relay.LastError);
        await device.DisconnectAsync();
        await fleet.StartRelayAsync(port);
        await fleet.Control.ReadyAsync();
        await fleet.ConnectAsync(device);

        await device.SendAsync(StreamId.Metrics, RecordType.Metrics, device.Metric(Start, 1));
        await device.AcknowledgedAsync("records flow again");
    }

    [Fact]
    public async Task Notice_ThatChanges_IsPushed()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        await Until.True(() => fleet.Control.Devices.Find(device.Name)!.Online, "the device is online");

        await fleet.Control.Trust.PublishAsync(new NoticeAddresses([new Uri("mqtts://fleet.example:8883")], [new byte[32]]), Cancellation);

        await Until.True(() => device.Trusted.Any(trust => trust.Notice.Endpoints.Contains("mqtts://fleet.example:8883")), "the roster arrives");
        Assert.True(device.Trusted.Last().Notice.Number > device.Trust!.Notice.Number);
    }

    [Fact]
    public async Task Rotate_OfTheServersKey_StillOpensWhatWasSealedToTheOldOne()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync(connect: false);
        device.Seal(StreamId.Metrics, RecordType.Metrics, device.Metric(Start, 1));

        await fleet.Control.Trust.RotateAsync(Cancellation);
        await fleet.ConnectAsync(device);
        await device.AcknowledgedAsync("the old epoch is opened");
        await Until.True(() => !device.Trusted.IsEmpty, "the device hears of the new key");

        Assert.NotEqual(
            device.Trust!.ServerHpke, device.Trusted.Last().ServerHpke);
    }

    [Fact]
    public async Task KeyUpdate_OfBothKeys_IsTakenAndOldEpochsStillArrive()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var late = device.Seal(StreamId.Metrics, RecordType.Metrics, device.Metric(Start, 1));
        var hpke = HpkeKeyPair.Generate();
        var identity = IdentityKey.Generate();
        var update = KeyUpdate.Sign(device.Identity, device.Id, 1, hpke.Public, identity);
        await device.SendAsync(StreamId.Events, RecordType.KeyUpdate, update);
        await Until.True(() => fleet.Control.Devices.Get(device.Id)!.KeyNo == 1, "the keys are taken");

        device.Identity = identity;
        device.Hpke = hpke;
        await device.DisconnectAsync();
        await fleet.ConnectAsync(device);
        await device.PublishAsync(late);
        await device.SendAsync(StreamId.Events, RecordType.KeyUpdate, update);

        await device.AcknowledgedAsync("what the old key opened is stored");
        await Until.True(() => device.Receipts.Any(receipt => receipt is { KeyNo: 1, Accepted: true }), "the receipt arrives, under the new key");
    }

    [Fact]
    public async Task Opening_ThatTheDeviceLost_IsSentAgain()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        await device.SendAsync(StreamId.Metrics, RecordType.Metrics, device.Metric(Start, 1));
        await device.AcknowledgedAsync("the downlink is open");
        var kid = device.ForgetDownlink();

        await device.PublishAsync(device.Seal(StreamId.Volatile, RecordType.EpochRequestUp, new EpochRequest(kid).Encode()));
        await Until.True(() => device.DownlinkEpochs == 1, "the opening comes again");

        await device.SendAsync(StreamId.Metrics, RecordType.Metrics, device.Metric(Start + 1, 2));
        await device.AcknowledgedAsync("the next acknowledgement is understood");
    }
}
