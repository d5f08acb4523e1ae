namespace Messaging.Updates.Deltas.Coding;

/// <summary>
/// Predicts a bit from several contexts at once: the odds of each are weighted and added, and the weights learn which of them was right (logistic
/// mixing, after M. Mahoney).
/// </summary>
internal sealed class Mixer
{
    private const int WeightBits = 16;
    private const int TrustBits = 8;
    private const int Rate = 10;
    private readonly Logistic _logistic;
    private readonly SlotTable _table;
    private readonly int[] _weights;
    private readonly uint[] _hashes;
    private readonly int[] _odds;
    private readonly int[] _rates;
    private readonly int[] _trust;
    private readonly int _mostSeen;

    /// <param name="table">Where contexts are learned.</param>
    /// <param name="logistic">Shared.</param>
    /// <param name="contexts">How many contexts there are.</param>
    /// <param name="sets">How many sets of weights.</param>
    /// <param name="mostSeen">How slow contexts become: after how many times. At most 63.</param>
    public Mixer(SlotTable table, Logistic logistic, int contexts, int sets, int mostSeen)
    {
        (_table, _logistic, _mostSeen) = (table, logistic, mostSeen);
        Contexts = new uint[contexts];
        _hashes = new uint[contexts];
        _odds = new int[contexts + 1];
        _weights = new int[(contexts + 1) * sets];
        _weights.AsSpan().Fill((1 << WeightBits) * 2 / contexts);
        _rates = new int[SlotTable.MostSeen + 1];
        _trust = new int[SlotTable.MostSeen + 1];
        for (var seen = 0; seen <= SlotTable.MostSeen; seen++)
        {
            // What was seen once or twice is worth less than it looks.
            _rates[seen] = 2 * 65536 / ((2 * seen) + 3);
            _trust[seen] = (seen << TrustBits) / (seen + 1);
        }
    }

    /// <summary>The contexts of the next value.</summary>
    public uint[] Contexts { get; }

    /// <summary>Half a byte begins.</summary>
    /// <param name="known">What is known of the value until here.</param>
    public void Begin(uint known)
    {
        for (var i = 0; i < _hashes.Length; i++)
        {
            _hashes[i] = SlotTable.Hash(Contexts[i] + (known * 0x2C1B_3C6D));
        }
    }

    /// <summary>Codes a bit of it.</summary>
    /// <param name="coder">The direction.</param>
    /// <param name="bit">The bit, when it is written.</param>
    /// <param name="node">1 to 15: the bits before it in its half byte, behind a 1.</param>
    /// <param name="set">Which weights.</param>
    /// <param name="other">Odds from elsewhere, in the place of the last context.</param>
    public int Code<TCoder>(ref TCoder coder, int bit, int node, int set, int other = 0)
        where TCoder : struct, IBitCoder
    {
        var hashes = _hashes;
        var odds = _odds.AsSpan();
        var weights = _weights.AsSpan(set * odds.Length, odds.Length);
        odds[hashes.Length] = other;
        var sum = (long)weights[hashes.Length] * other;
        for (var i = 0; i < hashes.Length; i++)
        {
            var slot = _table.Find(hashes[i], node);
            odds[i] = _logistic.Odds(SlotTable.Probability(slot)) * _trust[SlotTable.Seen(slot)] >> TrustBits;
            sum += (long)weights[i] * odds[i];
        }

        var one = Logistic.Probability((int)Math.Clamp(sum >> WeightBits, -Logistic.Most, Logistic.Most));
        bit = coder.Code(bit, one);
        var error = ((bit << 16) - one) * Rate >> 4;
        weights[hashes.Length] += ((other * error) + 0x8000) >> 16;
        for (var i = 0; i < hashes.Length; i++)
        {
            weights[i] += ((odds[i] * error) + 0x8000) >> 16;
            ref var slot = ref _table.Find(hashes[i], node);
            slot = SlotTable.Learned(slot, bit, _rates[SlotTable.Seen(slot)], _mostSeen);
        }

        return bit;
    }
}
