namespace Messaging.Telemetry;

/// <summary>What is known of the numbers of one kind: how long they are, and the bit after their leading one.</summary>
internal sealed class NumberModel
{
    /// <summary>A number n is coded as n + 1, which has 1 to 64 bits.</summary>
    public const int MaxLength = 64;

    private readonly BitModel[] _lengths = new BitModel[MaxLength];
    private readonly BitModel[] _second = new BitModel[MaxLength];

    /// <summary>Whether a number has more than <paramref name="bits"/> bits.</summary>
    public ref BitModel IsLonger(int bits) => ref _lengths[bits - 1];

    /// <summary>The bit after the leading one of a number of <paramref name="length"/> bits.</summary>
    public ref BitModel Second(int length) => ref _second[length - 1];

    public void Reset()
    {
        Array.Clear(_lengths);
        Array.Clear(_second);
    }
}
