using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;
using Messaging.EvilRelay.Harness;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.EvilRelay;

/// <summary>What whoever holds the relay can do to what passes it, without any key: hold, drop, repeat, change, mix.</summary>
[Collection(EvilFleet.Name)]
public sealed class RelayAttackTests(EvilFleet evil) : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public void Dispose() => evil.PassOn();

    [Fact]
    public async Task Replay_OfACommandThatRan_RunsNothing()
    {
        var before = evil.Down.Count;
        var runs = evil.Runs();
        Assert.Equal("done", await evil.Run(evil.Command("count")));
        var command = evil.Down.Skip(before).Last(static frame => Frames.Type(frame) == RecordType.Command);

        await evil.Refused("record-replayed", () => evil.Inject(command, command, command), times: 3);

        Assert.Equal(runs + 1, evil.Runs());
    }

    [Fact]
    public async Task Replay_OfAnEpochOfBefore_OpensNothing()
    {
        await evil.Refused("epoch-replayed", () => evil.Inject(evil.Down.First(Frames.IsOpening)));

        Assert.Equal("done", await evil.Run(evil.Command("say")));
    }

    [Fact]
    public async Task Reorder_OfTwoCommands_RunsOnlyTheLater()
    {
        var held = new ConcurrentQueue<byte[]>();
        evil.Meddle((isDown, frame) => !isDown || Frames.Type(frame) != RecordType.Command || !Keep(held, frame));
        var runs = evil.Runs();
        var first = await evil.Post(evil.Command("count"));
        await Eventually.Is("the first is held", Deadline, () => Task.FromResult(held.Count == 1));
        var second = await evil.Post(evil.Command("count"));
        await Eventually.Is("the second is held", Deadline, () => Task.FromResult(held.Count == 2));

        await evil.Refused("command-replayed", () => evil.Inject(held.ElementAt(1), held.ElementAt(0)));

        Assert.Equal("done", (await evil.Ended(second))["state"]!.GetValue<string>());
        Assert.Equal("rejected", (await evil.Ended(first))["state"]!.GetValue<string>());
        Assert.Equal(runs + 1, evil.Runs());
    }

    [Fact]
    public async Task Drop_OfACommand_LeavesItWithoutAnAnswer()
    {
        var dropped = new ConcurrentQueue<byte[]>();
        evil.Meddle((isDown, frame) => !isDown || Frames.Type(frame) != RecordType.Command || !Keep(dropped, frame));

        // The relay said that it has passed it on.
        var created = await evil.Fleet.Api.Post($"/api/v1/devices/{evil.Fleet.DeviceId}/commands", new JsonObject { ["type"] = "ping" });
        await Eventually.Is("it is dropped", Deadline, () => Task.FromResult(!dropped.IsEmpty));
        var command = await evil.Fleet.Api.Get($"/api/v1/devices/{evil.Fleet.DeviceId}/commands/{created["id"]!.GetValue<string>()}");

        Assert.Contains(command["state"]!.GetValue<string>(), new[] { "waiting", "sent" });
        Assert.Null(command["finishedAt"]);
    }

    [Fact]
    public async Task Drop_OfWhatTheDeviceSends_LosesNothing()
    {
        evil.Meddle(static (isDown, _) => isDown);
        var spooled = EvilFleet.Spooled(await evil.Status());
        var lines = await evil.Append(5);

        // The relay says that it has passed them on; the device waits for the server's word.
        var status = await evil.Until("it is in the spool", now => EvilFleet.Spooled(now) > spooled);
        Assert.Equal("connected", status["connection"]!["state"]!.GetValue<string>());
        Assert.NotNull(status["spool"]!["oldestUnackedAt"]);
        Assert.Empty(await evil.Fleet.Api.LogBodies(evil.Fleet.DeviceId, lines));

        evil.PassOn();
        await evil.AssertStoredOnce(lines, 5);
    }

    [Fact]
    public async Task ForgedAck_WhileNothingArrives_FreesNothing()
    {
        await evil.AssertStoredOnce(await evil.Append(1), 1);
        var ack = evil.Down.Last(static frame => Frames.Type(frame) == RecordType.Ack);
        evil.Meddle(static (isDown, frame) => isDown && Frames.Type(frame) != RecordType.Ack);

        // What control had confirmed before is taken before this is refused.
        await evil.Refused("record-replayed", () => evil.Inject(ack));
        var lines = await evil.Append(5);
        var spooled = EvilFleet.Spooled(await evil.Until("it is in the spool", static now => EvilFleet.Spooled(now) > 0));

        using var stranger = new Stranger(evil);
        await evil.Refused("record-replayed", () => evil.Inject(ack));
        await evil.Refused("record-not-authentic", () => evil.Inject(Frames.Flipped(ack).Last()));
        await evil.Refused("epoch-bad-signature", () => evil.Inject(stranger.OpeningInTheNameOf(evil.Stolen.ServerId)));
        await evil.Refused("epoch-unknown-sender", () => evil.Inject(stranger.Opening));
        await evil.Refused("record-unknown-sender", () => evil.Inject(stranger.Ack()));

        Assert.True(EvilFleet.Spooled(await evil.Status()) >= spooled, "Something was freed.");
        evil.PassOn();
        await evil.AssertStoredOnce(lines, 5);
    }

    [Fact]
    public async Task Delay_OfACommandBeyondItsTime_RunsNothing()
    {
        var held = new ConcurrentQueue<byte[]>();
        evil.Meddle((isDown, frame) => !isDown || Frames.Type(frame) != RecordType.Command || !Keep(held, frame));
        var runs = evil.Runs();
        var command = evil.Command("count", lifetimeMs: 1000);
        var id = await evil.Post(command);
        await Eventually.Is("it is held", Deadline, () => Task.FromResult(held.Count == 1));
        await evil.Until("its time is over for the device", now => now["time"]!["notBefore"]!.GetValue<DateTimeOffset>().ToUnixTimeMilliseconds() > command.Content.ExpiresAtUnixMs);

        await evil.Refused("command-expired", () => evil.Inject(held));

        Assert.Equal("expired", (await evil.Ended(id))["state"]!.GetValue<string>());
        Assert.Equal(runs, evil.Runs());
    }

    [Fact]
    public async Task Duplicate_OfAllThatTheDeviceSends_IsStoredOnce()
    {
        var before = await ServerCounts("replayed");
        evil.MeddleWith(static (isDown, publish) => isDown ? [publish] : [publish, publish.AsCopy(), publish.AsCopy()]);

        await evil.AssertStoredOnce(await evil.Append(20), 20);

        await Eventually.Get("the server counts them", Deadline, () => ServerCounts("replayed"), now => now > before);
    }

    [Fact]
    public async Task Tampering_WithWhatTheDeviceSends_IsRefusedByTheServer()
    {
        string[] reasons = ["tampered", "truncated", "re-addressed"];
        var before = await Task.WhenAll(reasons.Select(ServerCounts));
        evil.MeddleWith(static (isDown, publish) => isDown || publish.Payload.Length < 40 ? [publish] : Forgeries(publish));

        await evil.AssertStoredOnce(await evil.Append(5), 5);

        await Eventually.Get("the server counts them", Deadline, () => Task.WhenAll(reasons.Select(ServerCounts)), now => now.Zip(before).All(static pair => pair.First > pair.Second));
    }

    [Fact]
    public async Task Freeze_OfAllThatControlSays_IsOvercomeByAHome()
    {
        evil.Meddle(static (isDown, _) => !isDown);
        var version = await evil.Change(trust => evil.Owner.Change(trust));

        // That nobody confirms anything is seen on the device, and on the server that nothing answers.
        var status = await evil.Until(
            "the device has the newer roster, and records that nobody confirms",
            now => EvilFleet.Enrolment(now, "rosterVersion") == version && EvilFleet.Spooled(now) > 0);
        var outcomes = status["trust"]!["homes"]!.AsArray().Select(static home => home!["outcome"]!.GetValue<string>());
        Assert.All(outcomes, static outcome => Assert.Contains(outcome, new[] { "something newer, which was taken", "nothing new" }));
        Assert.Contains(evil.Fleet.Url, status["trust"]!["homes"]!.AsArray().Select(static home => home!["home"]!.GetValue<string>()));
        evil.PassOn();
        await evil.AssertStoredOnce(await evil.Append(1), 1);

        // The opening of control's newest epoch was withheld too: the device asks for it, and hears control again.
        var heard = Confirmed(await evil.Status());
        await evil.Until("control is heard again", now => Confirmed(now) > heard);
    }

    [Fact]
    public async Task Reflection_OfWhatTheDeviceSaid_IsNobodysWord()
    {
        var said = new ConcurrentQueue<byte[]>();
        evil.Meddle((isDown, frame) => isDown || Keep(said, frame));
        await evil.AssertStoredOnce(await evil.Append(1), 1);
        var record = said.First(static frame => !Frames.IsOpening(frame));

        await evil.Refused("record-unknown-sender", () => evil.Inject(record));
        await evil.Refused("epoch-unknown-sender", () => evil.Inject(evil.Device.NewestOpening(evil.Fleet.ControlData)));
    }

    [Fact]
    public async Task MixedEpochs_InOneRecord_AreNotAuthentic()
    {
        var runs = evil.Runs();
        var held = new ConcurrentQueue<byte[]>();
        evil.Meddle((isDown, frame) => !isDown || Frames.Type(frame) != RecordType.Command || !Keep(held, frame));
        var id = await evil.Post(evil.Command("count"));
        await Eventually.Is("it is held", Deadline, () => Task.FromResult(held.Count == 1));

        // A key id that the device does not know any more is asked for, and counted nowhere.
        Kid[] others = [.. evil.OpenKids().Where(kid => kid != Frames.Kid(held.First()))];
        Assert.NotEmpty(others);
        await evil.Refused("record-not-authentic", () => evil.Inject(others.Select(other => Frames.WithKid(held.First(), other))));

        Assert.Equal(runs, evil.Runs());
        await evil.Inject(held);
        Assert.Equal("done", (await evil.Ended(id))["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task BitFlips_InEveryByteOfEveryKindOfFrame_ChangeNothing()
    {
        var version = await evil.Change(trust => evil.Owner.Change(trust));
        await evil.Until("the device has the newer roster", now => EvilFleet.Enrolment(now, "rosterVersion") == version);
        await evil.AssertStoredOnce(await evil.Append(1), 1);
        var held = new ConcurrentQueue<byte[]>();
        evil.Meddle((isDown, frame) => !isDown || Frames.Type(frame) != RecordType.Command || !Keep(held, frame));
        var (runs, before) = (evil.Runs(), EvilFleet.Enrolment(await evil.Status(), "rosterVersion"));
        var id = await evil.Post(evil.Command("count"));
        await Eventually.Is("it is held", Deadline, () => Task.FromResult(held.Count == 1));
        var open = evil.OpenKids();
        var kinds = evil.Down.Where(frame => frame != held.First() && (Frames.IsOpening(frame) || open.Contains(Frames.Kid(frame))))
            .GroupBy(Frames.Type).ToDictionary(static kind => kind.Key, static kind => kind.Last());
        Assert.All([0u, RecordType.Ack, RecordType.Trust], kind => Assert.Contains(kind, kinds.Keys));
        List<byte[]> frames = [held.First(), .. kinds.Values];

        // A key id that nobody knows is asked for, and counted nowhere: the device may have been started anew.
        var expected = frames.Sum(static frame => frame.Length - (Frames.IsOpening(frame) ? 0 : Kid.Size));
        var refused = await Sum();
        await evil.Inject(frames.SelectMany(Frames.Flipped));
        await Eventually.Get($"the device refuses {expected} frames", Deadline, Sum, sum => sum >= refused + expected);

        Assert.Equal(runs, evil.Runs());
        Assert.Equal(before, EvilFleet.Enrolment(await evil.Status(), "rosterVersion"));

        // None of them was taken for the one that was held back.
        await evil.Inject(held);
        Assert.Equal("done", (await evil.Ended(id))["state"]!.GetValue<string>());
        Assert.Equal(runs + 1, evil.Runs());

        async Task<long> Sum() => (await evil.Refusals()).Values.Sum();
    }

    [Fact]
    public async Task Truncation_AtEveryLength_IsNoFrame()
    {
        var command = evil.Down.Last(static frame => !Frames.IsOpening(frame));
        var opening = evil.Down.Last(Frames.IsOpening);
        List<byte[]> cut = [.. Frames.OfOtherLengths(command), .. Frames.OfOtherLengths(opening)];

        await evil.Refused("frame-malformed", () => evil.Inject(cut), cut.Count);
    }

    private static DateTimeOffset Confirmed(JsonNode status) => status["connection"]!["lastAckAt"]!.GetValue<DateTimeOffset>();

    private static bool Keep(ConcurrentQueue<byte[]> held, byte[] frame)
    {
        held.Enqueue(frame);
        return true;
    }

    /// <summary>The genuine one goes on, after what was made of it.</summary>
    private static IEnumerable<MqttPublish> Forgeries(MqttPublish publish)
    {
        const int Sender = 3;
        var copy = publish.AsCopy();
        var flipped = (byte[])copy.Payload.Clone();
        flipped[^1] ^= 1;
        var ofAnother = (byte[])copy.Payload.Clone();
        ofAnother[Sender] ^= 1;
        return [copy with { Payload = flipped }, copy with { Payload = copy.Payload[..^7] }, copy with { Payload = ofAnother }, publish];
    }

    private async Task<long> ServerCounts(string reason) => (await evil.Fleet.Api.Get("/api/v1/rejections"))["items"]!.AsArray()
        .Where(one => one!["side"]!.GetValue<string>() == "server" && one["reason"]!.GetValue<string>() == reason)
        .Sum(static one => one!["count"]!.GetValue<long>());
}
