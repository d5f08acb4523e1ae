using CsCheck;
using Messaging.Streams;
using Messaging.Tests.Support;
using Messaging.Wire;

namespace Messaging.Tests.Streams;

public sealed class StreamMessageTests
{
    [Fact]
    public void Gap_Any_RoundTripsStrictly() =>
        Gen.Select(Gens.Epoch, Gen.UInt[0, WireLimits.MaxStreamId], Gen.ULong[1, 1UL << 31], Gen.ULong[0, 1UL << 31], Gens.Text)
            .Sample(static (epoch, stream, from, more, reason) =>
            {
                var gap = new Gap(epoch, stream, from, from + more, reason);
                var data = gap.Encode();
                Mutations.AssertStrictLength(data, static data => Gap.TryDecode(data, out _));
                Assert.True(Gap.TryDecode(data, out var decoded));
                Assert.Equal(gap, decoded);
            }, iter: 300);

    [Theory]
    [InlineData(0UL, 5UL)]
    [InlineData(6UL, 5UL)]
    [InlineData(1UL, (1UL << 32) + 1)]
    public void Gap_NotARange_IsRefused(ulong from, ulong to) => Assert.False(Gap.TryDecode(new Gap(default, 1, from, to, "").Encode(), out _));

    [Fact]
    public void Pause_Any_RoundTripsStrictly() => Gen.Select(Gen.ULong, Gen.Int[0, 1]).Sample(static (until, cause) =>
    {
        var pause = new Pause(BootId.Generate(), until, (PauseCause)cause);
        var data = pause.Encode();
        Mutations.AssertStrictLength(data, static data => Pause.TryDecode(data, out _));
        Assert.True(Pause.TryDecode(data, out var decoded));
        Assert.Equal(pause, decoded);
    }, iter: 100);

    [Fact]
    public void EpochRequest_Any_RoundTripsStrictly() => Gen.ULong.Sample(static value =>
    {
        var data = new EpochRequest(new Kid(value)).Encode();
        Mutations.AssertStrictLength(data, static data => EpochRequest.TryDecode(data, out _));
        Assert.True(EpochRequest.TryDecode(data, out var decoded));
        Assert.Equal(new Kid(value), decoded.Kid);
    }, iter: 100);
}
