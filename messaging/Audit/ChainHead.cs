using Messaging.Wire;

namespace Messaging.Audit;

/// <summary>Where a chain ends, or where what is kept of it begins.</summary>
/// <param name="number">The number of the last entry; 0 before the first.</param>
/// <param name="hash">Its hash; 32 zero bytes before the first.</param>
public sealed class ChainHead(long number, byte[] hash)
{
    /// <summary>Before the first entry.</summary>
    public static ChainHead Start => new(0, new byte[WireLimits.HashBytes]);

    /// <summary>The number of the last entry; 0 before the first.</summary>
    public long Number { get; } = number;

    /// <summary>Its hash.</summary>
    public byte[] Hash { get; } = hash;
}
