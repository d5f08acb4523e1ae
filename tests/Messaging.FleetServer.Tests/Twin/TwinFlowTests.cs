using System.Collections.Concurrent;
using System.Text.Json;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Events;
using Messaging.FleetServer.Tests.Harness;
using Messaging.FleetServer.Twin;
using Messaging.Streams;
using Messaging.Twin;
using Microsoft.Data.Sqlite;
using CommandState = Messaging.FleetServer.Commands.CommandState;
using DeviceState = Messaging.Commands.CommandState;

namespace Messaging.FleetServer.Tests.Twin;

public sealed class TwinFlowTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Desired_FromTheCommandToTheReport_IsShownAndTold()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var told = new ConcurrentQueue<string>();
        using var subscription = fleet.Control.Get<IFleetEvents>().Subscribe(one =>
        {
            if (one is TwinChanged)
            {
                told.Enqueue(one.DeviceId);
            }
        });
        device.Obey = command => [device.Report(command, DeviceState.Done)];

        await SetAsync(fleet, device, """{"version":1,"settings":{"Intervals:cpu":"2s"},"app":{"pump.speed":3}}""");
        await StateAsync(fleet, device, "pending", commandState: "done");
        var state = new DesiredState(1, [new("Intervals:cpu", "2s")], [], [], [new("pump.speed", AppValue.Of(3)!)]);
        await SayAsync(device, Report(1, state, PropertyState.Converging, 4));
        var view = await StateAsync(fleet, device, "converging");
        Assert.Equal(
            ("setting converged", "app converging 4", true, "tester"),
            ($"{view.Reported!.Properties[0].Kind} {view.Reported.Properties[0].State}",
                $"{view.Reported.Properties[1].Kind} {view.Reported.Properties[1].State} {view.Reported.Properties[1].Value!.Value.Text}",
                view.Reported.Current,
                view.Desired!.CreatedBy));
        Assert.NotNull(view.Reported.Properties[1].Until);
        Assert.Equal("""{"version":1,"settings":{"Intervals:cpu":"2s"},"files":{},"units":[],"app":{"pump.speed":3}}""", view.Desired.Document.Text);

        await SayAsync(device, Report(3, state, PropertyState.Converged, 3));
        await SayAsync(device, Report(2, state, PropertyState.Failed, 9));
        await StateAsync(fleet, device, "converged");
        Assert.Equal(TwinState.Converged, fleet.Control.Get<TwinBook>().Of(device.Name).State);
        Assert.Contains(device.Name, told);
    }

    [Fact]
    public async Task Desired_ThatTheDeviceRefuses_LeavesWhatWasWantedAndSaysWhy()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        device.Obey = command => [device.Report(command, DeviceState.Done)];
        await SetAsync(fleet, device, """{"version":5}""");
        await StateAsync(fleet, device, "pending", commandState: "done");

        device.Obey = command => [device.Report(command, DeviceState.Rejected, "Version 6 is not allowed.")];
        await SetAsync(fleet, device, """{"version":6,"units":["a.service"]}""");

        await Until.True(async () => (await ViewAsync(fleet, device)).Refused is { Version: 6, Message: "Version 6 is not allowed." }, "it is refused");
        Assert.Equal(5, (await ViewAsync(fleet, device)).Desired!.Version);
    }

    [Fact]
    public async Task Twin_AfterARestartOfTheServer_IsAsBefore()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        device.Obey = command => [device.Report(command, DeviceState.Done)];
        await SetAsync(fleet, device, """{"version":2,"units":["a.service"]}""");
        await SayAsync(device, new TwinReport(
            1, 2, new DesiredState(2, [], [], ["a.service"], []).Digest(), null, [new PropertyReport(PropertyKind.Unit, "a.service", PropertyState.Failed, 0, null, "no", null)]));
        await StateAsync(fleet, device, "failed", commandState: "done");

        // As if it had been killed between the command and its twin.
        await fleet.StopControlAsync();
        await using (var registry = new SqliteConnection($"Data Source={Path.Combine(fleet.Path, "registry.db")};Pooling=False"))
        {
            await registry.OpenAsync(Cancellation);
            await using var forget = registry.CreateCommand();
            forget.CommandText = "UPDATE twins SET DesiredVersion = NULL, Desired = NULL, CommandId = NULL, SignedBy = NULL, CreatedBy = NULL, CreatedAt = NULL, CommandState = NULL";
            Assert.Equal(1, await forget.ExecuteNonQueryAsync(Cancellation));
        }

        await fleet.StartControlAsync();

        var view = await StateAsync(fleet, device, "failed", commandState: "done");
        Assert.Equal((2, "no"), (view.Desired!.Version, view.Reported!.Properties[0].Detail));
        Assert.Equal(TwinState.Failed, fleet.Control.Get<TwinBook>().Of(device.Name).State);
    }

    [Fact]
    public async Task Report_ThatIsNone_IsAcknowledgedAndCounted()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();

        await device.SendAsync(StreamId.Events, RecordType.Twin, [0x81, 0x01]);
        await device.AcknowledgedAsync("it is let in as a gap");

        await Until.True(() => fleet.Rejections(device, "undecodable") == 1, "it is counted");
        Assert.Equal("none", (await ViewAsync(fleet, device)).State);
    }

    [Theory]
    [InlineData("""{"version":0}""", "args.version")]
    [InlineData("""{"version":1,"units":["x"]}""", "args.units")]
    [InlineData("""{"version":1,"files":{"/a":{"content":"*"}}}""", "args.files./a.content")]
    public async Task Desired_ThatIsWrong_NamesWhat(string args, string field)
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        using var parsed = JsonDocument.Parse(args);

        var creation = await fleet.Control.Commands.CreateAsync(new CommandRequest(device.Name, "desired-set", parsed.RootElement.Clone(), null, "tester"), Cancellation);

        Assert.Equal(field, creation.Problem!.Field);
    }

    private static TwinReport Report(ulong number, DesiredState state, PropertyState app, double value) => new(
        number, state.Version, state.Digest(), 1_795_000_000_000,
        [
            new PropertyReport(PropertyKind.Setting, "Intervals:cpu", PropertyState.Converged, 0, null, "", null),
            new PropertyReport(PropertyKind.App, "pump.speed", app, 0, app is PropertyState.Converging ? 60_000u : null, "", AppValue.Of(value)),
        ]);

    private static async Task SayAsync(TestDevice device, TwinReport report)
    {
        await device.SendAsync(StreamId.Events, RecordType.Twin, report.Encode());
        await device.AcknowledgedAsync("the report is stored");
    }

    private static async Task SetAsync(Fleet fleet, TestDevice device, string args)
    {
        using var parsed = JsonDocument.Parse(args);
        var creation = await fleet.Control.Commands.CreateAsync(new CommandRequest(device.Name, "desired-set", parsed.RootElement.Clone(), null, "tester"), Cancellation);
        Assert.Null(creation.Problem);
        await Until.True(
            async () => (await fleet.Control.Commands.GetAsync(device.Name, creation.Command!.Id, Cancellation))!.State is CommandState.Done or CommandState.Rejected, "it has ended");
    }

    private static async Task<TwinView> ViewAsync(Fleet fleet, TestDevice device) =>
        TwinView.Of(device.Name, await fleet.Control.Get<TwinBook>().FindAsync(device.Name, Cancellation));

    private static async Task<TwinView> StateAsync(Fleet fleet, TestDevice device, string state, string? commandState = null)
    {
        await Until.True(
            async () => await ViewAsync(fleet, device) is var view && view.State == state && (commandState is null || view.Desired?.CommandState == commandState),
            $"the twin is {state}");
        return await ViewAsync(fleet, device);
    }
}
