using Messaging.Updates.Keys;
using Messaging.Updates.Repository;
using Messaging.Wire;

namespace Messaging.Tests.Updates.Repository;

public sealed class EcdsaDerWriterTests
{
    [Fact]
    public void FromFixed_NumbersWithLeadingZerosAndHighBits_AreReadAsTheSame()
    {
        byte[] edges = [0, 1, 0x7f, 0x80, 0xff];
        foreach (var first in edges)
        {
            foreach (var second in edges)
            {
                for (var zeros = 0; zeros < 31; zeros++)
                {
                    var signature = new byte[WireLimits.SignatureBytes];
                    signature[zeros] = first;
                    signature[31] = 1;
                    signature[32 + zeros] = second;
                    signature[63] |= 0x80;
                    var read = new byte[WireLimits.SignatureBytes];

                    var der = EcdsaDerWriter.FromFixed(signature);

                    // The reader takes the shortest form alone.
                    Assert.True(EcdsaDer.TryToFixed(der, read));
                    Assert.Equal(signature, read);
                }
            }
        }
    }
}
