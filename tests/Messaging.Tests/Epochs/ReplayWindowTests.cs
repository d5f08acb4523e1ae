using CsCheck;
using Messaging.Epochs;

namespace Messaging.Tests.Epochs;

public sealed class ReplayWindowTests
{
    private abstract record Step;

    private sealed record Receive(ulong Seq) : Step;

    private sealed record Lose(ulong From, ulong To) : Step;

    private static readonly Gen<Step[]> Steps = Gen.Frequency(
        (6, Gen.ULong[1, 200].Select(static seq => (Step)new Receive(seq))),
        (3, Gen.ULong[1, 20_000].Select(static seq => (Step)new Receive(seq))),
        (1, Gen.Select(Gen.ULong[1, 6000], Gen.ULong[0, 9000]).Select(static (from, more) => (Step)new Lose(from, from + more)))).Array[1, 150];

    [Fact]
    public void AnySteps_AgainstASetOfNumbers_BehaveTheSame() => Steps.Sample(static steps =>
    {
        var window = new ReplayWindow();
        var model = new Model();
        foreach (var step in steps)
        {
            switch (step)
            {
                case Receive(var seq):
                    Assert.Equal(model.Check(seq), window.Check(seq));
                    Assert.Equal(model.Accept(seq), window.Accept(seq));
                    Assert.NotEqual(ReplayVerdict.Fresh, window.Check(seq));
                    break;
                case Lose(var from, var to):
                    Assert.Equal(model.MarkGap(from, to), window.MarkGap(from, to));
                    break;
            }

            Assert.Equal(model.Cumulative, window.CumulativeThrough);
            Assert.Equal(model.Highest, window.Highest);
            var saved = window.Save();
            Assert.True(saved.Length <= ReplayWindow.MaxSavedBytes);
            Assert.True(ReplayWindow.TryLoad(saved, out var loaded));
            Assert.Equal(saved, loaded.Save());
            window = loaded;
        }

        for (ulong seq = 0; seq < 25_000; seq += 7)
        {
            Assert.Equal(model.Check(seq), window.Check(seq));
        }
    }, iter: 300);

    [Fact]
    public void Accept_InOrder_AcknowledgesEach()
    {
        var window = new ReplayWindow();
        for (ulong seq = 1; seq <= 10_000; seq++)
        {
            Assert.True(window.Accept(seq));
            Assert.Equal(seq, window.CumulativeThrough);
        }

        Assert.Equal(9, window.Save().Length);
    }

    [Fact]
    public void Accept_FirstMissing_ReleasesWhatCameBefore()
    {
        var window = new ReplayWindow();
        for (ulong seq = 2; seq <= ReplayWindow.Size; seq++)
        {
            Assert.True(window.Accept(seq));
        }

        Assert.Equal(0UL, window.CumulativeThrough);
        Assert.Equal(ReplayVerdict.TooNew, window.Check(ReplayWindow.Size + 1));
        Assert.True(window.Accept(1));
        Assert.Equal((ulong)ReplayWindow.Size, window.CumulativeThrough);
        Assert.Equal(ReplayVerdict.Fresh, window.Check(2 * ReplayWindow.Size));
        Assert.Equal(ReplayVerdict.TooNew, window.Check((2 * ReplayWindow.Size) + 1));
    }

    [Fact]
    public void Check_Zero_IsAReplay() => Assert.Equal(ReplayVerdict.Replay, new ReplayWindow().Check(0));

    [Fact]
    public void MarkGap_FromTheFirstMissing_MayBeLongerThanTheWindow()
    {
        var window = new ReplayWindow();
        Assert.True(window.Accept(3));

        Assert.True(window.MarkGap(1, 1_000_000));

        Assert.Equal(1_000_000UL, window.CumulativeThrough);
        Assert.True(window.Accept(1_000_001));
        Assert.Equal(1_000_001UL, window.CumulativeThrough);
    }

    [Fact]
    public void MarkGap_LaterAndBeyondTheWindow_WaitsForTheEarlierOne()
    {
        var window = new ReplayWindow();

        Assert.False(window.MarkGap(2, ReplayWindow.Size + 1));
        Assert.True(window.MarkGap(1, 1));
        Assert.True(window.MarkGap(2, ReplayWindow.Size + 1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("0100000000000000")]
    [InlineData("020000000000000000")]
    [InlineData("01000000000000000000")]
    [InlineData("01000000000000000001")]
    [InlineData("01ffffffffffffffff")]
    public void TryLoad_NotASavedWindow_IsFalse(string hex) => Assert.False(ReplayWindow.TryLoad(Convert.FromHexString(hex), out _));

    [Fact]
    public void TryLoad_LongerThanAWindow_IsFalse()
    {
        var saved = new byte[ReplayWindow.MaxSavedBytes + 1];
        saved[0] = 1;
        saved[^1] = 1;

        Assert.False(ReplayWindow.TryLoad(saved, out _));
    }

    [Fact]
    public void Clone_Changed_LeavesTheOriginal()
    {
        var window = new ReplayWindow();
        window.Accept(5);
        var copy = window.Clone();
        copy.MarkGap(1, 4);

        Assert.Equal(0UL, window.CumulativeThrough);
        Assert.Equal(5UL, copy.CumulativeThrough);
        Assert.True(window.Accept(4));
    }

    /// <summary>The same rules with a set that forgets nothing.</summary>
    private sealed class Model
    {
        private readonly HashSet<ulong> _seen = [];

        public ulong Cumulative { get; private set; }

        public ulong Highest => Math.Max(Cumulative, _seen.Count == 0 ? 0 : _seen.Max());

        public ReplayVerdict Check(ulong seq) =>
            seq <= Cumulative || _seen.Contains(seq) ? ReplayVerdict.Replay
            : seq > Cumulative + 4096 ? ReplayVerdict.TooNew
            : ReplayVerdict.Fresh;

        public bool Accept(ulong seq) => Check(seq) == ReplayVerdict.Fresh && Add(seq, seq);

        public bool MarkGap(ulong from, ulong to) => to <= Cumulative || ((from <= Cumulative + 1 || to <= Cumulative + 4096) && Add(from, to));

        private bool Add(ulong from, ulong to)
        {
            for (var seq = from; seq <= to; seq++)
            {
                _seen.Add(seq);
            }

            while (_seen.Contains(Cumulative + 1))
            {
                Cumulative++;
            }

            return true;
        }
    }
}
