namespace Messaging.Fuzz;

internal static class Promise
{
    public static void SameBytes(ReadOnlySpan<byte> received, ReadOnlySpan<byte> written)
    {
        if (!received.SequenceEqual(written))
        {
            throw new BrokenPromiseException($"Accepted {Convert.ToHexStringLower(received)}, wrote {Convert.ToHexStringLower(written)}.");
        }
    }

    public static void Holds(bool condition, string promise)
    {
        if (!condition)
        {
            throw new BrokenPromiseException(promise);
        }
    }
}
