using CsCheck;
using Messaging.Fuzz;
using Messaging.Telemetry;
using Messaging.Tests.Support;

namespace Messaging.Tests.Telemetry;

public sealed class EventAndInfoTests
{
    [Fact]
    public void EventBatch_Any_KeepsEveryEvent()
    {
        var events = Gen.Select(Gens.UnixMsOrNull, Gens.Text, Gen.Int[0, 24], Gens.Pairs)
            .Select(static (time, name, severity, attributes) => new DeviceEvent(time, name, severity, attributes));
        events.Array[0, 8].Sample(static list =>
        {
            Assert.True(EventBatch.TryDecode(Samples.Encoded(new EventBatch(null, list).Encode), out var decoded));
            Assert.Equal(list.Length, decoded.Events.Count);
            Assert.All(list.Zip(decoded.Events), static pair =>
            {
                Assert.Equal(pair.First with { Attributes = [] }, pair.Second with { Attributes = [] });
                Assert.Equal(pair.First.Attributes, pair.Second.Attributes);
            });
        }, iter: 300);
    }

    [Fact]
    public void EventBatch_OfABoot_KeepsItsMomentAndTheTimes()
    {
        Assert.True(EventBatch.TryDecode(Samples.Encoded(Samples.DatedEvents.Encode), out var decoded));

        Assert.Equal(Samples.DatedEvents.Closed, decoded.Closed);
        Assert.Equal(Samples.DatedEvents.Events.Select(static one => one.Ms), decoded.Events.Select(static one => one.Ms));
    }

    [Fact]
    public void EventBatch_OfABootWithAnEventWithoutTime_IsNotWritten() => Assert.Throws<ArgumentException>(() =>
        Samples.Encoded((Samples.DatedEvents with { Events = [new DeviceEvent(null, "x", 0, [])] }).Encode));

    [Fact]
    public void EventBatch_EveryTruncation_IsRefused()
    {
        Mutations.AssertStrictLength(Samples.Encoded(Samples.Events.Encode), static data => EventBatch.TryDecode(data, out _));
        Mutations.AssertStrictLength(Samples.Encoded(Samples.DatedEvents.Encode), static data => EventBatch.TryDecode(data, out _));
    }

    [Fact]
    public void DeviceInfo_Any_RoundTripsStrictly() =>
        Gen.Select(Gens.Pairs, Gen.Select(Gens.Text, Gen.Int[0, 1_000_000]).Array[0, 4], Gens.Text.Array[0, 4], Gens.Text.Array[0, 4], Gens.Text.Array[0, 4])
            .Sample(static (facts, intervals, commands, scripts, units) =>
            {
                var info = new DeviceInfo(
                    facts, [.. intervals.Select(static pair => new KeyValuePair<string, TimeSpan>(pair.Item1, TimeSpan.FromMilliseconds(pair.Item2)))], commands, scripts, units);
                var data = info.Encode();
                Mutations.AssertStrictLength(data, static data => DeviceInfo.TryDecode(data, out _));
                Assert.True(DeviceInfo.TryDecode(data, out var decoded));
                Assert.Equal(info.Facts, decoded.Facts);
                Assert.Equal(info.Intervals, decoded.Intervals);
                Assert.Equal(info.AllowedCommands, decoded.AllowedCommands);
                Assert.Equal(info.Scripts, decoded.Scripts);
                Assert.Equal(info.Units, decoded.Units);
            }, iter: 200);
}
