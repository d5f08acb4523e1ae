namespace Messaging.Updates.Deltas.Coding;

/// <summary>
/// Codes how bytes differ from those that they are copied from. Most do not: pieces that are all the same cost next to nothing. Where some differ, it is mostly
/// addresses in programs that have moved, each by as much as others of its kind; so a difference is predicted from those before it, from what stood there, and
/// from where it pointed to.
/// </summary>
internal sealed class CopyModel
{
    /// <summary>The bytes before and behind the copied ones that the model looks at.</summary>
    public const int Margin = 4;

    /// <summary>Copied at a time at most.</summary>
    public const int PieceBytes = 1024;

    private const int GrainBytes = 32;
    private readonly BitModel[] _pieces = new BitModel[8];
    private readonly BitModel[] _grains = new BitModel[64];
    private readonly Mixer _same;
    private readonly Mixer _difference;
    private int _pieceHistory;
    private int _grainHistory;
    private uint _history;
    private long _shift;
    private int _last;
    private int _beforeLast;
    private int _carry;
    private int _field;
    private uint _fieldWord;
    private uint _fieldTarget;
    private uint _fieldSoFar;
    private uint _previousField;

    public CopyModel(SlotTable table, Logistic logistic)
    {
        _same = new Mixer(table, logistic, 6, 16, 60);
        _difference = new Mixer(table, logistic, 7, 8, 30);
    }

    /// <summary>Another copy begins.</summary>
    /// <param name="shift">How far its bytes have moved.</param>
    public void Begin(long shift)
    {
        _shift = shift;
        _history = 0;
        _field = 0;
        _last = _beforeLast = _carry = 0;
    }

    /// <summary>Codes the next piece.</summary>
    /// <param name="coder">The direction.</param>
    /// <param name="old">The old bytes, with <see cref="Margin"/> more at both ends.</param>
    /// <param name="oldAt">Where they begin, without the margin.</param>
    /// <param name="news">The new bytes: read when the delta is written, written when it is read.</param>
    public void Code<TCoder>(ref TCoder coder, ReadOnlySpan<byte> old, long oldAt, Span<byte> news)
        where TCoder : struct, IBitCoder
    {
        var same = old.Slice(Margin, news.Length);
        var differs = TCoder.Reads || same.SequenceEqual(news) ? 0 : 1;
        differs = _pieces[_pieceHistory].Code(ref coder, differs);
        _pieceHistory = _pieceHistory << 1 & 7 | differs;
        if (differs == 0)
        {
            Skip(same, news);
            return;
        }

        for (var at = 0; at < news.Length; at += GrainBytes)
        {
            var count = Math.Min(GrainBytes, news.Length - at);
            var grain = news.Slice(at, count);
            differs = TCoder.Reads || same.Slice(at, count).SequenceEqual(grain) ? 0 : 1;
            differs = _grains[_grainHistory].Code(ref coder, differs);
            _grainHistory = _grainHistory << 1 & 63 | differs;
            if (differs == 0)
            {
                Skip(same.Slice(at, count), grain);
                continue;
            }

            for (var i = 0; i < count; i++)
            {
                Byte(ref coder, old.Slice(at + i, (2 * Margin) + 1), oldAt + at + i, ref grain[i]);
            }
        }
    }

    private void Skip(ReadOnlySpan<byte> same, Span<byte> news)
    {
        same.CopyTo(news);
        _history = 0;
        _field = 0;
        _last = _beforeLast = _carry = 0;
    }

    private void Byte<TCoder>(ref TCoder coder, ReadOnlySpan<byte> old, long oldAt, ref byte value)
        where TCoder : struct, IBitCoder
    {
        int before = old[Margin - 1], here = old[Margin];
        if (_field == 0)
        {
            _fieldWord = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(old[Margin..]);
            _fieldTarget = _fieldWord + (uint)oldAt;
            _fieldSoFar = 0;
        }

        var history = _history & 0xFF;
        var c = _same.Contexts;
        c[0] = 1U << 28 | history << 2 | (uint)oldAt & 3;
        c[1] = 2U << 28 | (uint)(before << 8 | here) << 4 | history & 15;
        c[2] = 3U << 28 ^ ((uint)(old[Margin - 2] << 16 | before << 8 | here) << 4 | history & 15) * 0x2F0B_4C47;
        c[3] = 4U << 28 ^ Mix(_fieldWord, (uint)_field << 24 ^ _fieldSoFar, 1);
        c[4] = 5U << 28 | (uint)_last << 16 | (uint)_beforeLast << 8 | (uint)_carry << 7 | history & 7;
        c[5] = 6U << 28 ^ Mix(_fieldTarget ^ (uint)_shift * 0x9E37_79B1, (uint)_field << 24 ^ _fieldSoFar, 2);
        var difference = (byte)(value - here);
        _same.Begin(0);
        var differs = _same.Code(ref coder, difference == 0 ? 0 : 1, 1, (int)(history & 15));
        if (differs == 0)
        {
            difference = 0;
            value = (byte)here;
        }
        else
        {
            difference = Difference(ref coder, difference, here, oldAt);
            value = (byte)(here + difference);
        }

        _carry = here + difference > byte.MaxValue ? 1 : 0;
        _history = _history << 1 | (uint)differs;
        (_beforeLast, _last) = (_last, difference);
        if (_field != 0 || differs != 0)
        {
            _fieldSoFar = _fieldSoFar << 8 | difference;
            if (++_field == 4)
            {
                _field = 0;
                _previousField = _fieldSoFar;
            }
        }
    }

    private byte Difference<TCoder>(ref TCoder coder, byte difference, int here, long oldAt)
        where TCoder : struct, IBitCoder
    {
        var c = _difference.Contexts;
        var field = (uint)_field;
        c[0] = 7U << 28 | field << 8 | (uint)_carry;
        c[1] = 8U << 28 | (uint)_last << 16 | (uint)_beforeLast << 8 | (uint)_carry << 2 | field;
        c[2] = 9U << 28 ^ Mix(_fieldWord, field << 24 ^ _fieldSoFar, 3);
        c[3] = 10U << 28 ^ Mix(_fieldTarget ^ (uint)_shift * 0x9E37_79B1, field << 24 ^ _fieldSoFar, 4);
        c[4] = 11U << 28 ^ Mix(_previousField, field << 24 ^ _fieldSoFar, 5);
        c[5] = 12U << 28 ^ Mix(_fieldTarget >> 12, field << 24 ^ _fieldSoFar, (uint)_shift);
        c[6] = 13U << 28 | (uint)here << 12 | (uint)_last << 4 | (uint)oldAt & 3;
        _difference.Begin(0);
        var high = Half(ref coder, difference >> 4, _field << 1);
        _difference.Begin((uint)high);
        return (byte)(high << 4 | Half(ref coder, difference, _field << 1 | 1) & 15);
    }

    private int Half<TCoder>(ref TCoder coder, int half, int set)
        where TCoder : struct, IBitCoder
    {
        var node = 1;
        for (var i = 3; i >= 0; i--)
        {
            node = node << 1 | _difference.Code(ref coder, half >> i & 1, node, set);
        }

        return node;
    }

    private static uint Mix(uint a, uint b, uint c)
    {
        var hash = a * 0x9E37_79B1 ^ (b + c) * 0x85EB_CA77;
        return hash ^ hash >> 13;
    }
}
