namespace Messaging.Updates.Deltas.Coding;

/// <summary>
/// Walks over the blocks of a delta, in either direction: the new file is made of copies from the old one and of literals, one after the other, whose bits
/// are arithmetically coded block by block.
/// </summary>
/// <typeparam name="TCoder">The direction.</typeparam>
internal sealed class DeltaCode<TCoder>
    where TCoder : struct, IBitCoder
{
    /// <summary>Bytes of the new file in each block but the last.</summary>
    public const int BlockBytes = 1 << 20;

    private const int ChunkBytes = 16 * 1024;
    private const int Shifts = 4;
    private const int LeastHistoryBytes = 64;
    private readonly IOldFile _old;
    private readonly long _newLength;
    private readonly IDeltaSteps? _steps;
    private readonly byte[] _buffer;
    private readonly int _historyBytes;
    private readonly byte[] _chunk = new byte[ChunkBytes + (2 * CopyModel.Margin)];
    private readonly long[] _shifts = new long[Shifts];
    private readonly CopyModel _copies;
    private readonly LiteralModel _literals;
    private readonly BitModel[] _kinds = new BitModel[2];
    private readonly BitModel[] _recent = new BitModel[2 * Shifts];
    private readonly BitModel[] _signs = new BitModel[1];
    private readonly NumberModel _seeks = new();
    private readonly NumberModel _copyLengths = new();
    private readonly NumberModel _literalLengths = new();
    private TCoder _coder;
    private DeltaStep _step = new(false, 0, 0);
    private long _position;

    /// <param name="old">The old file.</param>
    /// <param name="newLength">Bytes of the new one.</param>
    /// <param name="steps">What it is made of, when the delta is written.</param>
    public DeltaCode(IOldFile old, long newLength, IDeltaSteps? steps = null)
    {
        (_old, _newLength, _steps) = (old, newLength, steps);

        // Behind the block before stands the one that is coded. A file of one block has none before, just zeros that nobody is pointed to.
        _historyBytes = newLength > BlockBytes ? BlockBytes : LeastHistoryBytes;
        _buffer = new byte[_historyBytes + (int)Math.Min(BlockBytes, newLength)];
        var table = new SlotTable(newLength);
        var logistic = new Logistic();
        _copies = new CopyModel(table, logistic);
        _literals = new LiteralModel(table, logistic);
    }

    /// <summary>The next block of the new file; empty at its end. Filled by whoever writes, before it is coded, and by <see cref="Code"/> when it is read.</summary>
    public Memory<byte> Block => _buffer.AsMemory(_historyBytes, (int)Math.Min(BlockBytes, _newLength - _position));

    /// <summary>The block is never coded in more bytes.</summary>
    public int MaxCodedBytes => Block.Length + (Block.Length / 16) + 64;

    /// <summary>The direction, to begin and end a block of bits with.</summary>
    public ref TCoder Coder => ref _coder;

    /// <summary>Codes the block.</summary>
    /// <exception cref="DeltaException">What is read makes no sense: <see cref="DeltaFailure.OutsideOld"/> or <see cref="DeltaFailure.Malformed"/>.</exception>
    public void Code()
    {
        var length = Block.Length;
        for (var at = 0; at < length;)
        {
            if (_step.Length == 0)
            {
                Begin(at);
            }

            var most = (int)Math.Min(_step.Length, length - at);
            var count = _step.IsCopy ? Copy(at, Math.Min(most, ChunkBytes)) : Literals(at, most);
            at += count;
            _step = _step with { From = _step.From + count, Length = _step.Length - count };
        }
    }

    /// <summary>The block was coded, and written where it belongs: the next one.</summary>
    public void Next()
    {
        _position += Block.Length;
        if (_position < _newLength)
        {
            _buffer.AsSpan(_historyBytes).CopyTo(_buffer);
        }
    }

    private void Begin(int at)
    {
        var position = _position + at;
        var next = _steps?.Next() ?? default;
        var isCopy = _kinds[_step.IsCopy ? 1 : 0].Code(ref _coder, next.IsCopy ? 1 : 0) != 0;
        if (isCopy)
        {
            var shift = Shift(next.From - position);
            var length = _copyLengths.Code(ref _coder, next.Length - 1) + 1;
            if (length < 1 || length > _newLength - position)
            {
                throw new DeltaException(DeltaFailure.Malformed, $"At {position} bytes it copies more than is left of the new file.");
            }

            // The position is not negative: a sum beyond 2^63 is, and is refused like any other.
            var from = unchecked(position + shift);
            if (from < 0 || from > _old.Length - length)
            {
                throw new DeltaException(DeltaFailure.OutsideOld, $"At {position} bytes it copies from outside of the old file.");
            }

            _step = new DeltaStep(true, from, length);
            _copies.Begin(shift);
        }
        else
        {
            var length = _literalLengths.Code(ref _coder, next.Length - 1) + 1;
            if (length < 1 || length > _newLength - position)
            {
                throw new DeltaException(DeltaFailure.Malformed, $"At {position} bytes it has more literals than are left of the new file.");
            }

            _step = new DeltaStep(false, 0, length);
            _literals.Begin();
        }
    }

    /// <summary>How far copied bytes have moved: as far as lately, or by a distance from the last time.</summary>
    private long Shift(long shift)
    {
        var recent = 0;
        while (recent < Shifts)
        {
            if (_recent[recent].Code(ref _coder, shift == _shifts[recent] ? 1 : 0) != 0)
            {
                break;
            }

            recent++;
        }

        long found;
        if (recent < Shifts)
        {
            found = _shifts[recent];
        }
        else
        {
            var distance = shift - _shifts[0];
            var isBack = _signs[0].Code(ref _coder, distance < 0 ? 1 : 0) != 0;
            distance = _seeks.Code(ref _coder, distance < 0 ? -distance : distance);
            if (distance < 0)
            {
                throw new DeltaException(DeltaFailure.Malformed, "It has a distance that no number is.");
            }

            // Modulo 2^64: what comes of it is inside of the old file or is refused.
            found = unchecked(_shifts[0] + (isBack ? -distance : distance));
            recent--;
        }

        for (; recent > 0; recent--)
        {
            _shifts[recent] = _shifts[recent - 1];
        }

        return _shifts[0] = found;
    }

    private int Copy(int at, int count)
    {
        var from = _step.From;
        var chunk = _chunk.AsSpan(0, count + (2 * CopyModel.Margin));
        chunk.Clear();
        var first = Math.Max(0, from - CopyModel.Margin);
        var last = Math.Min(_old.Length, from + count + CopyModel.Margin);
        _old.Read(first, chunk.Slice((int)(first - from) + CopyModel.Margin, (int)(last - first)));
        for (var done = 0; done < count; done += CopyModel.PieceBytes)
        {
            var piece = Math.Min(CopyModel.PieceBytes, count - done);
            _copies.Code(
                ref _coder, chunk.Slice(done, piece + (2 * CopyModel.Margin)), from + done, _buffer.AsSpan(_historyBytes + at + done, piece));
        }

        return count;
    }

    private int Literals(int at, int count)
    {
        _literals.Code(ref _coder, _buffer, _historyBytes + at, _historyBytes + at + count, _position - _historyBytes);
        return count;
    }
}
