using Messaging.Acks;
using Messaging.Commands;
using Messaging.Streams;
using Messaging.Telemetry;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Hosting;

/// <summary>What the relay can do with acknowledgements, and what only the server can.</summary>
public sealed class AckOrderTests
{
    [Fact]
    public async Task Ack_OfLessThanBefore_CountsOnlyWhenItWasSaidLast()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var control = fixture.Control;
        await fixture.RunConnectedAsync();
        var epoch = control.Newest!.EpochId;
        await control.UntilAsync(() => Metrics(control) >= 4, "metrics");

        // The relay holds it back until more was confirmed.
        var heldBack = control.Seal(StreamId.Control, RecordType.Ack, Ack(epoch, StreamId.Metrics, 1));
        var before = Metrics(control);
        await control.UntilAsync(() => Metrics(control) >= before + 3, "more metrics");
        await Ping(control);
        await control.PublishAsync(Topics.Down(control.Device!.DeviceId), heldBack);
        control.Acknowledges = false;
        await Ping(control);

        await control.SendAsync(StreamId.Control, RecordType.Ack, Ack(epoch, StreamId.Events, 0));

        // Problems are told in the order in which they came up: one of the metrics would have been told before this.
        await control.UntilAsync(() => Restored(control).Any(one => Detail(one).EndsWith("stream 3", StringComparison.Ordinal)), "the event of a restored server");
        var one = Assert.Single(Restored(control));

        // Nothing was deleted yet, so that nothing is lost: what is said to be missing is simply sent again.
        Assert.Contains(new KeyValuePair<string, string>("count", "0"), one.Attributes);
        Assert.DoesNotContain(control.Records, record => record.Type == RecordType.Gap);
    }

    private static byte[] Ack(EpochId epoch, uint stream, ulong through) => new AckRecord(
        TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), [new EpochAck(epoch, [new StreamSeq(stream, through)])]).Encode();

    private static string Detail(DeviceEvent one) => one.Attributes.Single(pair => pair.Key == "detail").Value;

    private static async Task Ping(FakeControl control)
    {
        var ping = control.MakeCommand(CommandTypes.Ping);
        await control.SendAsync(ping);
        await control.ResultAsync(ping.Content.Id, CommandState.Done);
    }

    private static int Metrics(FakeControl control) => control.Records.Count(record => record.Type == RecordType.Metrics);

    private static List<DeviceEvent> Restored(FakeControl control) => [.. control.Records
        .Where(record => record.Type == RecordType.Event)
        .SelectMany(record => EventBatch.TryDecode(record.Content, out var batch) ? batch.Events : [])
        .Where(one => one.Name == "spool.problem" && one.Attributes.Contains(new("kind", "server-restored")))];
}
