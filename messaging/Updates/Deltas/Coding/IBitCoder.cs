namespace Messaging.Updates.Deltas.Coding;

/// <summary>
/// One direction of the arithmetic code. The models are written once, for both: who writes hands over the bit and gets it back, who reads gets the bit whatever
/// it hands over. A struct, so that each direction has code of its own.
/// </summary>
internal interface IBitCoder
{
    /// <summary>Whether bits are read.</summary>
    static abstract bool Reads { get; }

    /// <summary>Codes a bit.</summary>
    /// <param name="bit">The bit, when it is written.</param>
    /// <param name="one">How likely it is 1, in 1/65536: 1 to 65535.</param>
    int Code(int bit, int one);
}
