using System.Collections.Concurrent;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Enrolment;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Events;
using Messaging.FleetServer.Ingest;
using Messaging.FleetServer.Tests.Harness;
using Messaging.FleetServer.Updates.Devices;
using Messaging.Streams;
using Messaging.Trust;
using Messaging.Updates.Releases;
using Messaging.Wire;
using Microsoft.Data.Sqlite;
using DeviceState = Messaging.Commands.CommandState;

namespace Messaging.FleetServer.Tests.Updates.Devices;

/// <summary>From the command to the receipt, through relay and ingest.</summary>
public sealed class UpdateFlowTests : IDisposable
{
    private static readonly byte[] Key = [.. Enumerable.Repeat((byte)0xd2, UpdateArguments.KeyBytes)];
    private readonly FleetOwner _owner = new();
    private ulong _sequence = 100;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _owner.Dispose();

    [Fact]
    public async Task Update_FromTheCommandToTheReceipt_CountsWhenTheDeviceHasSigned()
    {
        await using var fleet = await TakenOverAsync();
        var device = await fleet.EnrolAsync();
        var told = new ConcurrentQueue<string>();
        using var subscription = fleet.Control.Get<IFleetEvents>().Subscribe(one =>
        {
            if (one is UpdateChanged or UpdatesChanged)
            {
                told.Enqueue(one.GetType().Name);
            }
        });
        device.Obey = command => [device.Report(command, DeviceState.Accepted), device.Report(command, DeviceState.Running)];

        var id = await AssignAsync(fleet, device);
        var assigned = await StateAsync(fleet, device, id, DeviceUpdateState.Assigned);
        Assert.Equal(("releases/app", 100L, true, _owner.Id.ToString(), "tester"), (assigned.Target, assigned.Length, assigned.IsEncrypted, assigned.SignedBy, assigned.CreatedBy));

        await SayAsync(device, Status(id, 2, UpdateState.Downloading, 50));
        await SayAsync(device, Status(id, 1, UpdateState.Assigned, 0));
        var loading = await StateAsync(fleet, device, id, DeviceUpdateState.Downloading);
        Assert.Equal((50L, 100L, "from the fleet"), (loading.Done, loading.Total, loading.Detail));
        Assert.Equal((0L, 0L, 0L), (loading.FromNeighbours, loading.FromMirrors, loading.FromHomes));
        await SayAsync(device, Status(id, 3, UpdateState.Committed, 0, new FetchedBytes(90, 0, 10)));
        await StateAsync(fleet, device, id, DeviceUpdateState.Unproven);
        Assert.Empty(await ComponentsAsync(fleet, device));

        var receipt = Receipt(device, id, UpdateState.Committed, counter: 12);
        await SayAsync(device, receipt);
        await device.SendReportAsync(device.Report(device.Commands.Single(), DeviceState.Done));
        await SayAsync(device, receipt);

        var row = await StateAsync(fleet, device, id, DeviceUpdateState.Committed);
        Assert.Equal(new FetchedView(90, 0, 10), UpdateView.Of(row, null, DateTimeOffset.UnixEpoch).Fetched);
        Assert.Equal(receipt, row.Receipt);
        Assert.Equal(("app", "1.4.0"), (row.Name, row.Version));
        var component = Assert.Single(await ComponentsAsync(fleet, device));
        Assert.Equal(("app", "1.4.0", 12L, id.ToString()), (component.Name, component.Version, component.Counter, component.CommandId));
        await Until.True(() => told.Contains(nameof(UpdateChanged)) && told.Contains(nameof(UpdatesChanged)), "both are told");
        Assert.Equal(0, fleet.Rejections(device, RejectionReason.UnknownCommand));
    }

    [Fact]
    public async Task Update_WhoseCommandIsTakenBack_EndsAsThat()
    {
        await using var fleet = await TakenOverAsync();
        var device = await fleet.EnrolAsync(connect: false);
        var id = await AssignAsync(fleet, device);
        await StateAsync(fleet, device, id, DeviceUpdateState.Pending);

        Assert.Equal(CommandCancellation.Cancelled, await fleet.Control.Commands.CancelAsync(device.Name, id.ToString(), Cancellation));

        var row = await StateAsync(fleet, device, id, DeviceUpdateState.Cancelled);
        Assert.Contains("taken back", row.CommandMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receipt_SignedByAnother_ChangesNothingAndIsCounted()
    {
        await using var fleet = await TakenOverAsync();
        var (device, other) = (await fleet.EnrolAsync(), await fleet.EnrolAsync());
        var id = await AssignAsync(fleet, device);
        using var stranger = IdentityKey.Generate();

        await SayAsync(device, Receipt(device, id, UpdateState.Committed, 12, signer: stranger));
        await SayAsync(device, Receipt(other, id, UpdateState.Committed, 12));
        await SayAsync(device, Receipt(device, id, UpdateState.Committed, 12, signer: other.Identity));
        await device.SendAsync(StreamId.Events, RecordType.UpdateReceipt, "not a receipt"u8);
        await device.SendAsync(StreamId.Events, RecordType.UpdateStatus, "not a status"u8);
        await device.AcknowledgedAsync("all of it is let in as gaps");

        await Until.True(() => fleet.Rejections(device, RejectionReason.UpdateReceiptNotSigned) == 3, "they are counted");
        await Until.True(() => fleet.Rejections(device, RejectionReason.Undecodable) == 2, "these too");
        Assert.Null((await RowAsync(fleet, device, id))?.Receipt);
        Assert.Empty(await ComponentsAsync(fleet, device));
    }

    [Fact]
    public async Task Receipt_OfTheKeyBefore_IsRight()
    {
        await using var fleet = await TakenOverAsync();
        var device = await fleet.EnrolAsync();
        var id = await AssignAsync(fleet, device);
        var waiting = Receipt(device, id, UpdateState.Committed, 12);
        var (identity, hpke) = (IdentityKey.Generate(), HpkeKeyPair.Generate());
        await device.SendAsync(StreamId.Events, RecordType.KeyUpdate, KeyUpdate.Sign(device.Identity, device.Id, 1, hpke.Public, identity));
        await Until.True(() => fleet.Control.Devices.Get(device.Id)!.KeyNo == 1, "the keys are taken");

        device.Identity.Dispose();
        device.Hpke.Dispose();
        (device.Identity, device.Hpke) = (identity, hpke);
        await device.DisconnectAsync();
        await fleet.ConnectAsync(device);

        // Signed before the change, and sent after it.
        await SayAsync(device, waiting);
        await StateAsync(fleet, device, id, DeviceUpdateState.Committed);
    }

    [Fact]
    public async Task Words_OfCommandsThatAreNotKnown_ReceiptsAreKeptAndStatusesCounted()
    {
        await using var fleet = await TakenOverAsync();
        var device = await fleet.EnrolAsync();
        var ids = Enumerable.Range(0, 70).Select(static _ => CommandId.Generate()).ToList();

        await SayAsync(device, Status(ids[0], 1, UpdateState.Downloading, 1));
        await Until.True(() => fleet.Rejections(device, RejectionReason.UnknownCommand) == 1, "it is counted");
        foreach (var (number, id) in ids.Index())
        {
            await device.SendAsync(StreamId.Events, RecordType.UpdateReceipt, Receipt(device, id, UpdateState.Committed, number));
        }

        await device.AcknowledgedAsync("all of it is stored");

        // It may have been restored; but no device can fill it with what it never asked for.
        var rows = await fleet.Control.Get<UpdateReads>().ListAsync(device.Name, 100, Cancellation);
        Assert.Equal(ids[6..].Select(static id => id.ToString()).Order(), rows.Select(static row => row.CommandId).Order());
        Assert.All(rows, static row => Assert.True(row is { State: DeviceUpdateState.Committed, Target: "", CommandState: null }));
        Assert.Equal(69, Assert.Single(await ComponentsAsync(fleet, device)).Counter);
    }

    [Fact]
    public async Task Receipts_InAnyOrder_TheHighestCounterIsWhatTheDeviceHas()
    {
        await using var fleet = await TakenOverAsync();
        var device = await fleet.EnrolAsync();

        foreach (var (counter, outcome) in new[] { (2L, UpdateState.Committed), (4L, UpdateState.Reverted), (3L, UpdateState.Committed), (1L, UpdateState.Committed) })
        {
            await SayAsync(device, Receipt(device, CommandId.Generate(), outcome, counter));
        }

        Assert.Equal(3, Assert.Single(await ComponentsAsync(fleet, device)).Counter);
    }

    [Fact]
    public async Task Update_AfterAKillBetweenCommandAndUpdate_IsFollowedAgain()
    {
        await using var fleet = await TakenOverAsync();
        var device = await fleet.EnrolAsync(connect: false);
        var id = await AssignAsync(fleet, device);
        await StateAsync(fleet, device, id, DeviceUpdateState.Pending);
        await fleet.StopControlAsync();
        await using (var registry = new SqliteConnection($"Data Source={Path.Combine(fleet.Path, "registry.db")};Pooling=False"))
        {
            await registry.OpenAsync(Cancellation);
            await using var forget = registry.CreateCommand();
            forget.CommandText = "DELETE FROM updates";
            Assert.Equal(1, await forget.ExecuteNonQueryAsync(Cancellation));
        }

        await fleet.StartControlAsync();

        Assert.Equal("releases/app", (await StateAsync(fleet, device, id, DeviceUpdateState.Pending)).Target);
    }

    [Fact]
    public async Task Set_OfMany_IsCountedByState()
    {
        await using var fleet = await TakenOverAsync();
        var devices = new[] { await fleet.EnrolAsync(connect: false), await fleet.EnrolAsync(), await fleet.EnrolAsync(connect: false) };
        var content = Content(new CommandTarget(CommandTargetKind.Device, default, 2));
        var set = new DeviceSet(devices.Select(static device => new SetMember(device.Id, null)));
        var order = CommandOrder.Of(Command.Sign(_owner.Key, content with { Target = CommandTarget.Of(set.Root, 2) }), set);

        Assert.Null((await fleet.Control.Sets.CreateSignedAsync(order, "tester", Cancellation)).Problem);
        await Until.True(() => !devices[1].Commands.IsEmpty, "the one that is there has it");
        await SayAsync(devices[1], Receipt(devices[1], content.Id, UpdateState.Failed, 3));

        await Until.True(
            async () => await fleet.Control.Get<UpdateReads>().TotalsAsync(UpdateFilter.None with { CommandId = content.Id.ToString() }, Cancellation) is { Total: 3 } totals
                && (totals.States["pending"], totals.States["failed"]) == (2, 1),
            "each is counted");
        var failed = await fleet.Control.Get<UpdateReads>().ListAsync(UpdateFilter.None with { States = [DeviceUpdateState.Failed], Name = "app", Version = "1.4.0" }, null, 10, Cancellation);
        Assert.Equal((devices[1].Name, "releases/app", true), (failed.Single().DeviceId, failed.Single().Target, failed.Single().IsOfSet));
    }

    [Fact]
    public async Task Key_OfAnEncryptedRelease_IsShownToNobody()
    {
        await using var fleet = await TakenOverAsync();
        var device = await fleet.EnrolAsync();
        var id = await AssignAsync(fleet, device);

        var command = await fleet.Control.Commands.GetAsync(device.Name, id.ToString(), Cancellation);

        Assert.Contains("\"encrypted\":true", command!.ArgsJson, StringComparison.Ordinal);
        Assert.DoesNotContain("key", command.ArgsJson, StringComparison.OrdinalIgnoreCase);
        foreach (var secret in new[] { Convert.ToBase64String(Key), Convert.ToHexString(Key) })
        {
            Assert.DoesNotContain(secret, command.ArgsJson, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(secret, fleet.Control.Logs.Text, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static UpdateStatus Status(CommandId id, ulong number, UpdateState state, ulong done, FetchedBytes? fetched = null) =>
        new() { Fetched = fetched, CommandId = id, ReportNo = number, State = state, DeadlineMs = state.IsFinal() ? null : 60_000, Done = done, Total = 100, Detail = "from the fleet" };

    private static byte[] Receipt(TestDevice device, CommandId id, UpdateState outcome, long counter, IdentityKey? signer = null) => new UpdateReceipt
    {
        Device = device.Id,
        CommandId = id,
        Kind = "agent",
        Name = "app",
        Version = "1.4.0",
        Counter = counter,
        Sha256 = new byte[32],
        Outcome = outcome,
        Reason = outcome == UpdateState.Committed ? "" : UpdateReasons.Unhealthy,
        BootId = device.Boot,
    }.Sign(signer ?? device.Identity);

    private static async Task SayAsync(TestDevice device, UpdateStatus status)
    {
        await device.SendAsync(StreamId.Events, RecordType.UpdateStatus, status.Encode());
        await device.AcknowledgedAsync("the status is stored");
    }

    private static async Task SayAsync(TestDevice device, byte[] receipt)
    {
        await device.SendAsync(StreamId.Events, RecordType.UpdateReceipt, receipt);
        await device.AcknowledgedAsync("the receipt is stored");
    }

    private static Task<UpdateRow?> RowAsync(Fleet fleet, TestDevice device, CommandId id) => fleet.Control.Get<UpdateReads>().FindAsync(device.Name, id.ToString(), Cancellation);

    private static Task<List<ComponentRow>> ComponentsAsync(Fleet fleet, TestDevice device) => fleet.Control.Get<UpdateReads>().ComponentsAsync(device.Name, Cancellation);

    private static async Task<UpdateRow> StateAsync(Fleet fleet, TestDevice device, CommandId id, DeviceUpdateState state) => await Until.Some(
        async () => await RowAsync(fleet, device, id) is { } row && row.State == state ? row : null, $"the update is {state}");

    private async Task<Fleet> TakenOverAsync()
    {
        var fleet = await Fleet.StartAsync();
        Assert.Equal(TrustVerdict.Applied, await fleet.Control.Trust.TakeAsync(_owner.TakeOver(fleet.Control.Trust.Trust), Cancellation));
        return fleet;
    }

    private async Task<CommandId> AssignAsync(Fleet fleet, TestDevice device)
    {
        var content = Content(new CommandTarget(CommandTargetKind.Device, device.Id, 2));
        var creation = await fleet.Control.Commands.CreateSignedAsync(device.Name, Command.Sign(_owner.Key, content).Bytes, "tester", Cancellation);
        Assert.Null(creation.Problem);
        return content.Id;
    }

    private CommandContent Content(CommandTarget target)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var update = new UpdateArguments { Target = "releases/app", Length = 100, Sha256 = new byte[32], Key = Key };
        return new CommandContent(CommandId.Generate(), _owner.Id, _sequence++, target, now, now + 600_000, null, Idempotent: true, CommandTypes.Update, update.Encode());
    }
}
