namespace Messaging.Updates.Deltas.Coding;

/// <summary>
/// Predicts a bit from several contexts at once: the odds of each are weighted and added, and the weights learn which of them was right (logistic
/// mixing, after M. Mahoney).
/// </summary>
internal sealed class Mixer
{
    private const int WeightBits = 16;
    private const int Rate = 10;
    private readonly Logistic _logistic;
    private readonly SlotTable _table;
    private readonly int[] _weights;
    private readonly int[] _places;
    private readonly int[] _odds;
    private readonly int _mostSeen;

    /// <param name="table">Where contexts are learned.</param>
    /// <param name="logistic">Shared.</param>
    /// <param name="contexts">How many contexts there are.</param>
    /// <param name="sets">How many sets of weights.</param>
    /// <param name="mostSeen">How slow contexts become: after how many times.</param>
    public Mixer(SlotTable table, Logistic logistic, int contexts, int sets, int mostSeen)
    {
        (_table, _logistic, _mostSeen) = (table, logistic, mostSeen);
        Contexts = new uint[contexts];
        _places = new int[contexts];
        _odds = new int[contexts];
        _weights = new int[contexts * sets];
        _weights.AsSpan().Fill((1 << WeightBits) * 2 / contexts);
    }

    /// <summary>The hashes of the contexts of the next value.</summary>
    public uint[] Contexts { get; }

    /// <summary>Codes a bit of it.</summary>
    /// <param name="coder">The direction.</param>
    /// <param name="bit">The bit, when it is written.</param>
    /// <param name="node">What is known of the value: its bits until here, behind a 1.</param>
    /// <param name="set">Which weights.</param>
    public int Code<TCoder>(ref TCoder coder, int bit, uint node, int set)
        where TCoder : struct, IBitCoder
    {
        var weights = _weights.AsSpan(set * Contexts.Length, Contexts.Length);
        var sum = 0L;
        for (var i = 0; i < weights.Length; i++)
        {
            var place = _table.Find(Contexts[i] + (node * 0x2C1B_3C6D));
            var seen = _table.Seen(place);
            var odds = _logistic.Odds(_table.Probability(place));

            // What was seen once or twice is worth less than it looks.
            odds = seen == 0 ? 0 : odds - (odds / (seen + 1));
            _places[i] = place;
            _odds[i] = odds;
            sum += (long)weights[i] * odds;
        }

        var one = Logistic.Probability((int)Math.Clamp(sum >> WeightBits, -Logistic.Most, Logistic.Most));
        bit = coder.Code(bit, one);
        var error = ((bit << 16) - one) * Rate >> 4;
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] += ((_odds[i] * error) + 0x8000) >> 16;
            _table.Learn(_places[i], bit, _mostSeen);
        }

        return bit;
    }
}
