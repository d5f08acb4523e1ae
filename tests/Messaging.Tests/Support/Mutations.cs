namespace Messaging.Tests.Support;

internal static class Mutations
{
    public delegate bool Accepts(ReadOnlySpan<byte> data);

    /// <summary>The message itself is accepted; with any single bit flipped, cut anywhere, or with a byte more, it is not.</summary>
    public static void AssertNoneAccepted(byte[] message, Accepts accepts)
    {
        Assert.True(accepts(message), "The message itself is accepted.");
        AssertStrictLength(message, accepts);
        var changed = (byte[])message.Clone();
        for (var i = 0; i < message.Length; i++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                changed[i] ^= (byte)(1 << bit);
                Assert.False(accepts(changed), $"Bit {bit} of byte {i} flipped.");
                changed[i] = message[i];
            }
        }
    }

    /// <summary>The message itself is accepted; cut anywhere, or with a byte more, it is not.</summary>
    public static void AssertStrictLength(byte[] message, Accepts accepts)
    {
        Assert.True(accepts(message), "The message itself is accepted.");
        for (var length = 0; length < message.Length; length++)
        {
            Assert.False(accepts(message.AsSpan(0, length)), $"Cut to {length} bytes.");
        }

        Assert.False(accepts([.. message, 0x00]), "A byte 0x00 appended.");
        Assert.False(accepts([.. message, 0xf6]), "A null appended.");
    }
}
