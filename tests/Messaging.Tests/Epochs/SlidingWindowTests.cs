using CsCheck;
using Messaging.Epochs;

namespace Messaging.Tests.Epochs;

public sealed class SlidingWindowTests
{
    [Fact]
    public void AnyNumbers_AgainstASetOfNumbers_BehaveTheSame() =>
        Gen.Frequency((6, Gen.ULong[0, 300]), (3, Gen.ULong[0, 10_000]), (1, Gen.ULong[0, 100_000])).Array[1, 300].Sample(static numbers =>
        {
            var window = new SlidingWindow();
            var seen = new HashSet<ulong>();
            var highest = 0UL;
            foreach (var seq in numbers)
            {
                var expected = seq == 0 || seq + 4096 <= highest ? ReplayVerdict.TooOld
                    : seen.Contains(seq) ? ReplayVerdict.Replay
                    : ReplayVerdict.Fresh;
                Assert.Equal(expected, window.Check(seq));
                Assert.Equal(expected == ReplayVerdict.Fresh, window.Accept(seq));
                if (expected == ReplayVerdict.Fresh)
                {
                    seen.Add(seq);
                    highest = Math.Max(highest, seq);
                }

                Assert.Equal(highest, window.Highest);
            }
        }, iter: 1000);
}
