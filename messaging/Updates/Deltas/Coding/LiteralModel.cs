using System.Buffers.Binary;

namespace Messaging.Updates.Deltas.Coding;

/// <summary>Codes bytes that are in no old file: each predicted from those before it, and from what followed when the same five came last.</summary>
internal sealed class LiteralModel
{
    private const int IndexBits = 16;
    private const int LongestKnown = 31;
    private readonly uint[] _index = new uint[1 << IndexBits];
    private readonly Mixer _mixer;
    private readonly Logistic _logistic;
    private readonly int[] _right = new int[LongestKnown + 1];
    private long _match;
    private int _matchLength;

    public LiteralModel(SlotTable table, Logistic logistic)
    {
        _logistic = logistic;
        _mixer = new Mixer(table, logistic, 7, LongestKnown + 1, 30);
        _right.AsSpan().Fill(48 << 10);
    }

    /// <summary>The bytes before are no literals.</summary>
    public void Begin() => _matchLength = 0;

    /// <summary>Codes literals.</summary>
    /// <param name="coder">The direction.</param>
    /// <param name="buffer">The new file until here, as far back as is known, and what follows: read when the delta is written, written when it is read.</param>
    /// <param name="at">Where in the buffer; at least 8.</param>
    /// <param name="end">Where they end.</param>
    /// <param name="start">Which byte of the new file the buffer begins with.</param>
    public void Code<TCoder>(ref TCoder coder, Span<byte> buffer, int at, int end, long start)
        where TCoder : struct, IBitCoder
    {
        for (; at < end; at++)
        {
            FindMatch(buffer, at, start);
            var expected = _matchLength > 0 ? buffer[(int)(_match - start)] : 0;
            SetContexts(buffer, at, start, expected);
            var node = 1;
            var known = Math.Min(_matchLength, LongestKnown);
            for (var i = 7; i >= 0; i--)
            {
                if (i == 7 || i == 3)
                {
                    _mixer.Begin((uint)node);
                }

                var lowest = 16 >> (i + 1);
                ref var right = ref _right[known];
                var odds = known == 0 ? 0 : _logistic.Odds(right);
                var bit = _mixer.Code(
                    ref coder, buffer[at] >> i & 1, i > 3 ? node : node & (lowest - 1) | lowest, known, (expected >> i & 1) == 0 ? -odds : odds);
                right += ((bit == (expected >> i & 1) ? 65535 : 0) - right) >> 6;
                node = node << 1 | bit;
                known = known > 0 && (expected | 0x100) >> i == node ? known : 0;
            }

            buffer[at] = (byte)node;
            if (_matchLength > 0)
            {
                _matchLength = expected == buffer[at] ? _matchLength + 1 : 0;
                _match++;
            }
        }
    }

    private void FindMatch(Span<byte> buffer, int at, long start)
    {
        var five = BinaryPrimitives.ReadUInt64LittleEndian(buffer[(at - 8)..]) >> 24;
        ref var entry = ref _index[(five * 0x9E37_79B9_7F4A_7C15) >> (64 - IndexBits)];
        var position = start + at;
        if (_matchLength > 0 && _match < start)
        {
            // The buffer has moved on over it.
            _matchLength = 0;
        }

        if (_matchLength == 0)
        {
            // Positions are remembered by their lowest 32 bits: a wrong one predicts nothing, and does so for everybody.
            var distance = (uint)position - entry;
            if (distance > 0 && distance <= at - 8)
            {
                _match = position - distance;
                var from = (int)(_match - start);
                while (_matchLength < LongestKnown && _matchLength < from && buffer[from - 1 - _matchLength] == buffer[at - 1 - _matchLength])
                {
                    _matchLength++;
                }
            }
        }

        entry = (uint)position;
    }

    private void SetContexts(Span<byte> buffer, int at, long start, int expected)
    {
        var before = BinaryPrimitives.ReadUInt64BigEndian(buffer[(at - 8)..]);
        var c = _mixer.Contexts;
        c[0] = 16U << 27 | 1U << 26;
        c[1] = 17U << 27 | (uint)before & 0xFF;
        c[2] = 18U << 27 | (uint)before & 0xFFFF;
        c[3] = 19U << 27 ^ ((uint)before & 0xFF_FFFF) * 0x2F0B_4C47;
        c[4] = 20U << 27 ^ (uint)before * 0x85EB_CA77;
        c[5] = 21U << 27 ^ (uint)((before & 0xFFFF_FFFF_FFFF) * 0x9E37_79B9_7F4A_7C15 >> 32);
        c[6] = 22U << 27 ^ ((uint)(before >> 24) & 0xFF | (uint)(before >> 48) & 0xFF00 | (uint)(start + at) << 16 & 0x3_0000) * 0x2C1B_3C6D;
    }
}
