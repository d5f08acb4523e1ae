namespace Messaging.Updates.Deltas.Coding;

/// <summary>
/// Probabilities as their logarithmic odds, in which they can be added: x stands for 1 / (1 + e^(-x/256)). In integers alone, because each machine must come to the same.
/// </summary>
internal sealed class Logistic
{
    /// <summary>The largest odds, either way.</summary>
    public const int Most = 2047;

    private const int StepBits = 7;
    private readonly short[] _odds = new short[4096];

    public Logistic()
    {
        var next = 0;
        for (var odds = -Most; odds <= Most; odds++)
        {
            for (var last = Probability(odds) >> 4; next <= last; next++)
            {
                _odds[next] = (short)odds;
            }
        }

        _odds.AsSpan(next).Fill(Most);
    }

    /// <summary>65536 / (1 + e^(-x/2)) for x from -16 to 16.</summary>
    private static ReadOnlySpan<ushort> Steps =>
    [
        22, 36, 60, 98, 162, 267, 439, 720, 1179, 1921, 3108, 4971, 7812, 11955, 17625, 24743, 32768,
        40793, 47911, 53581, 57724, 60565, 62428, 63615, 64357, 64816, 65097, 65269, 65374, 65438, 65476, 65500, 65514,
    ];

    /// <summary>The odds of a probability in 1/65536.</summary>
    public int Odds(int probability) => _odds[probability >> 4];

    /// <summary>The probability of odds, in 1/65536: between two steps on a straight line.</summary>
    public static int Probability(int odds)
    {
        var at = Math.Clamp(odds, -Most, Most) + 2048;
        var step = at >> StepBits;
        var part = at & ((1 << StepBits) - 1);
        return ((Steps[step] * ((1 << StepBits) - part)) + (Steps[step + 1] * part)) >> StepBits;
    }
}
