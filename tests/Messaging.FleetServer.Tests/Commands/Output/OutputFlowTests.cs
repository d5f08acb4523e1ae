using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Messaging.Commands;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Commands.Output;
using Messaging.FleetServer.Events;
using Messaging.FleetServer.Tests.Harness;
using Messaging.Streams;
using Messaging.Wire;
using CommandState = Messaging.FleetServer.Commands.CommandState;
using DeviceState = Messaging.Commands.CommandState;

namespace Messaging.FleetServer.Tests.Commands.Output;

public sealed class OutputFlowTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Output_InPieces_IsReadWhileItComesAndTold()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var told = new ConcurrentQueue<CommandOutputStored>();
        using var subscription = fleet.Control.Get<IFleetEvents>().Subscribe(one =>
        {
            if (one is CommandOutputStored stored)
            {
                told.Enqueue(stored);
            }
        });
        var command = await RunningAsync(fleet, device);
        Assert.Equal(("", 0, false, null), await ReadAsync(fleet, device, command, 0));

        await SendAsync(device, command, 0, "one\n");
        await SendAsync(device, command, 4, "bad\n", OutputSource.Error);
        Assert.Equal(("output:one\n error:bad\n", 8, false, null), await ReadAsync(fleet, device, command, 0));
        Assert.Equal(("output:e\n error:bad\n", 8, false, null), await ReadAsync(fleet, device, command, 2));
        Assert.Equal(("", 8, false, null), await ReadAsync(fleet, device, command, 8));

        await SendAsync(device, command, 8, "end", written: 5000);
        Assert.Equal(("output:end", 11, true, 5000L), await ReadAsync(fleet, device, command, 8));
        Assert.Equal(("", 11, true, 5000L), await ReadAsync(fleet, device, command, 11));
        Assert.Equal([0, 4, 8], told.Select(one => one.Row.Start));
        Assert.All(told, one => Assert.Equal(device.Name, one.DeviceId));
        Assert.Empty(fleet.Query("SELECT reason FROM rejections"));
    }

    [Fact]
    public async Task Output_ThatOverlapsOrIsOfNoCommand_KeepsEachByteOnce()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var other = await fleet.EnrolAsync();
        var command = await RunningAsync(fleet, device);
        await SendAsync(device, command, 10, "0123456789");

        foreach (var start in new[] { 10, 1, 19, 12 })
        {
            await SendAsync(device, command, start, "abcdefghij");
        }

        await SendAsync(other, command, 0, "forged");
        await device.SendAsync(StreamId.Events, RecordType.CommandOutput, [0x81, 0x01]);
        await device.AcknowledgedAsync("everything is acknowledged");

        await SendAsync(device, command, 15, "56789bcdefghij and the end", written: 41);
        await SendAsync(device, command, 40, "d; more");

        Assert.Equal(("output:abcdefghi output:0123456789 output:bcdefghij output: and the end", 41, true, 41L), await ReadAsync(fleet, device, command, 0));
        Assert.Equal(["undecodable 1", "unknown-command 1"], fleet.Query("SELECT reason || ' ' || count FROM rejections ORDER BY reason"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Output_WhenControlIsKilledAtACommit_IsStoredOnce(bool afterCommit)
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var command = await RunningAsync(fleet, device);
        fleet.Control.Store.AfterCommit = afterCommit;
        fleet.Control.Store.KillAtWrite = 2;
        var sent = 0;
        while (!fleet.Control.Store.IsDead && sent < 500)
        {
            await device.SendAsync(StreamId.Events, RecordType.CommandOutput, Piece(command, 4 * sent, $"{sent++:000},").Encode());
        }

        Assert.True(fleet.Control.Store.IsDead);
        await fleet.StopControlAsync();
        await fleet.StartControlAsync();
        await device.ResendAsync();
        await device.AcknowledgedAsync("everything is acknowledged");

        Assert.Equal(string.Concat(Enumerable.Range(0, sent).Select(i => $"{i:000},")), string.Concat(fleet.Query("SELECT CAST(bytes AS TEXT) FROM command_output ORDER BY start")));
    }

    [Fact]
    public async Task Output_OfACommandThatSentNone_IsThatOfItsReport()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        device.Obey = command => [device.Report(command, DeviceState.Done) with { Output = "pong"u8.ToArray() }];
        var creation = await fleet.Control.Commands.CreateAsync(new CommandRequest(device.Name, "ping", null, null, "tester"), Cancellation);
        var id = creation.Command!.Id;
        await Until.True(async () => (await fleet.Control.Commands.GetAsync(device.Name, id, Cancellation))!.State == CommandState.Done, "the end");

        var view = await fleet.Control.Get<OutputReader>().ReadAsync(device.Name, id, 0, 1000, Cancellation);

        Assert.Equal(("pong", 4, true, 4L), (Encoding.UTF8.GetString(view!.Items.Single().Data), view.Next, view.Ended, view.Written!.Value));
        Assert.Null(await fleet.Control.Get<OutputReader>().ReadAsync(device.Name, new string('0', 32), 0, 1000, Cancellation));
    }

    private static CommandOutput Piece(CommandId command, int start, string text, OutputSource source = OutputSource.Output, long? written = null) =>
        new(command, start, source, Encoding.UTF8.GetBytes(text), written);

    private static async Task SendAsync(TestDevice device, CommandId command, int start, string text, OutputSource source = OutputSource.Output, long? written = null)
    {
        await device.SendAsync(StreamId.Events, RecordType.CommandOutput, Piece(command, start, text, source, written).Encode());
        await device.AcknowledgedAsync("the piece is stored");
    }

    private static async Task<CommandId> RunningAsync(Fleet fleet, TestDevice device)
    {
        device.Obey = command => [device.Report(command, DeviceState.Running)];
        using var args = JsonDocument.Parse("""{"name":"backup"}""");
        var creation = await fleet.Control.Commands.CreateAsync(new CommandRequest(device.Name, "run-script", args.RootElement.Clone(), null, "tester"), Cancellation);
        Assert.Null(creation.Problem);
        await Until.True(
            async () => (await fleet.Control.Commands.GetAsync(device.Name, creation.Command!.Id, Cancellation))!.State == CommandState.Running, "it runs");
        return CommandId.TryParse(creation.Command!.Id, out var id) ? id : throw new InvalidOperationException("no id");
    }

    private static async Task<(string Text, int Next, bool Ended, long? Written)> ReadAsync(Fleet fleet, TestDevice device, CommandId command, int from)
    {
        var view = await fleet.Control.Get<OutputReader>().ReadAsync(device.Name, command.ToString(), from, 1000, Cancellation);
        return (string.Join(' ', view!.Items.Select(piece => $"{piece.Source}:{Encoding.UTF8.GetString(piece.Data)}")), view.Next, view.Ended, view.Written);
    }
}
