using CsCheck;
using Messaging.Updates.Deltas.Making;

namespace Messaging.Tests.Updates.Deltas;

public sealed class SuffixTests
{
    private static readonly Gen<byte[]> Text = Gen.OneOf(
        Gen.Byte.Array[0, 200], Gen.Byte[0, 1].Array[0, 200], Gen.Byte[254, 255].Array[0, 40], Gen.Int[0, 200].Select(static length => new byte[length]));

    [Fact]
    public void Of_AnyBytes_SortsAsComparingDoes() => Text.Sample(
        static text => Assert.Equal(
            Enumerable.Range(0, text.Length).Order(Comparer<int>.Create((a, b) => text.AsSpan(a).SequenceCompareTo(text.AsSpan(b)))),
            SuffixArray.Of(text, text.Length)),
        iter: 2000);

    [Fact]
    public void Find_AnyBytes_FindsAMatchThatNoOtherIsLongerThan() => Gen.Select(Text, Text).Sample(
        static (text, wanted) =>
        {
            var found = new SuffixIndex(text, text.Length).Find(wanted, out var place);
            var longest = Enumerable.Range(0, text.Length).Select(at => text.AsSpan(at).CommonPrefixLength(wanted)).DefaultIfEmpty().Max();
            Assert.Equal(longest < 2 ? 0 : longest, found);
            Assert.Equal(found, found == 0 ? 0 : text.AsSpan(place).CommonPrefixLength(wanted));
        },
        iter: 2000);
}
