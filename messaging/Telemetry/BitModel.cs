namespace Messaging.Telemetry;

/// <summary>How likely the next bit of one kind is 0, learned from those before it: fast at first, because batches are short.</summary>
internal struct BitModel
{
    /// <summary>Probabilities are 16-bit fractions.</summary>
    public const int Bits = 16;

    private const int One = 1 << Bits;
    private const int Least = 512;
    private const int MaxSeen = 21;
    private short _above;
    private byte _seen;

    /// <summary>Of a 0, in 1/65536; half of it in a new model.</summary>
    public readonly uint Zero => (uint)(One / 2 + _above);

    public void Learn(int bit)
    {
        var zero = One / 2 + _above;
        zero += ((bit == 0 ? One : 0) - zero) * 2 / ((2 * _seen) + 5);
        _above = (short)(Math.Clamp(zero, Least, One - Least) - (One / 2));
        _seen = (byte)Math.Min(_seen + 1, MaxSeen);
    }
}
