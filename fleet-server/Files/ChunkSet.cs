namespace Messaging.FleetServer.Files;

/// <summary>Which chunks of a file are here: a bit each, least significant first.</summary>
internal sealed class ChunkSet
{
    private readonly int _total;
    private readonly byte[] _bits;

    /// <param name="total">How many chunks the file has.</param>
    /// <param name="bits">As <see cref="ToArray"/> gave them; empty for none.</param>
    public ChunkSet(int total, byte[] bits)
    {
        _total = total;
        _bits = bits.Length == (total + 7) / 8 ? bits : new byte[(total + 7) / 8];
        Count = _bits.Sum(static one => System.Numerics.BitOperations.PopCount(one));
    }

    public int Count { get; private set; }

    public bool IsFull => Count == _total;

    public bool Has(int index) => index < _total && (_bits[index / 8] & (1 << (index % 8))) != 0;

    public void Add(int index)
    {
        if (!Has(index))
        {
            _bits[index / 8] |= (byte)(1 << (index % 8));
            Count++;
        }
    }

    /// <summary>The first ranges that are not here.</summary>
    public IReadOnlyList<(int From, int To)> Missing(int most)
    {
        var ranges = new List<(int From, int To)>();
        for (var index = 0; index < _total && ranges.Count < most; index++)
        {
            if (Has(index))
            {
                continue;
            }

            var from = index;
            while (index + 1 < _total && !Has(index + 1))
            {
                index++;
            }

            ranges.Add((from, index));
        }

        return ranges;
    }

    public byte[] ToArray() => [.. _bits];
}
