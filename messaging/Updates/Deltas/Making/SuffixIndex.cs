namespace Messaging.Updates.Deltas.Making;

/// <summary>Finds the longest match of some bytes in others.</summary>
internal sealed class SuffixIndex
{
    private const int Prefixes = 1 << 16;
    private readonly byte[] _text;
    private readonly int _length;
    private readonly int[] _sorted;
    private readonly int[] _starts = new int[Prefixes + 1];

    public SuffixIndex(byte[] text, int length, CancellationToken stop = default)
    {
        (_text, _length) = (text, length);
        _sorted = SuffixArray.Of(text, length, stop);

        // Where the suffixes with each two first bytes begin: most of a search is over before it starts. The last suffix has but one byte, and stands before them.
        for (var i = 0; i < length - 1; i++)
        {
            _starts[(text[i] << 8 | text[i + 1]) + 1]++;
        }

        for (var prefix = 0; prefix < Prefixes; prefix++)
        {
            _starts[prefix + 1] += _starts[prefix];
        }

        for (var prefix = length > 0 ? text[length - 1] << 8 : _starts.Length; prefix < _starts.Length; prefix++)
        {
            _starts[prefix]++;
        }
    }

    /// <summary>The longest match of the beginning of <paramref name="wanted"/>, at least two bytes long.</summary>
    /// <returns>Its length; 0 when there is none.</returns>
    public int Find(ReadOnlySpan<byte> wanted, out int place)
    {
        place = 0;
        if (wanted.Length < 2)
        {
            return 0;
        }

        var prefix = wanted[0] << 8 | wanted[1];
        int low = _starts[prefix], high = _starts[prefix + 1];
        if (high > low && _sorted[high - 1] == _length - 1)
        {
            // The last suffix, of one byte, stands before those that begin with it: behind the ones of the prefix before.
            high--;
        }

        if (low >= high)
        {
            return 0;
        }

        // What is common with both ends is common with all that is between them.
        var best = 0;
        int lowCommon = 2, highCommon = 2;
        while (low < high)
        {
            var middle = (int)(((uint)low + (uint)high) / 2);
            var at = _sorted[middle];
            var known = Math.Min(lowCommon, highCommon);
            var common = known + Text(at + known).CommonPrefixLength(wanted[known..]);
            if (common > best)
            {
                (best, place) = (common, at);
            }

            if (common == wanted.Length)
            {
                return best;
            }

            if (at + common < _length && _text[at + common] > wanted[common])
            {
                (high, highCommon) = (middle, common);
            }
            else
            {
                (low, lowCommon) = (middle + 1, common);
            }
        }

        return best;
    }

    private ReadOnlySpan<byte> Text(int at) => _text.AsSpan(at, _length - at);
}
