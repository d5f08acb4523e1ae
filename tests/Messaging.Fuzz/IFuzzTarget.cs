namespace Messaging.Fuzz;

/// <summary>
/// One decoder. A target throws when the decoder breaks a promise: it never throws itself, and what it accepts it can write again as
/// the same bytes (or, for compressed batches, as the same values).
/// </summary>
internal interface IFuzzTarget
{
    /// <summary>The name on the command line, and of its folder in the corpus.</summary>
    static abstract string Name { get; }

    static abstract void Fuzz(ReadOnlySpan<byte> data);

    /// <summary>Valid inputs to start from.</summary>
    static abstract IEnumerable<byte[]> Seeds();
}
