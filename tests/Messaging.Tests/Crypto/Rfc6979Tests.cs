using System.Security.Cryptography;
using Messaging.Crypto;
using Messaging.Tests.Support;

namespace Messaging.Tests.Crypto;

public sealed class Rfc6979Tests
{
    // RFC 6979, appendix A.2.5, SHA-256.
    private const string Scalar = "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721";

    [Theory]
    [InlineData("sample", "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8")]
    [InlineData("test", "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083")]
    public void SignHash_ExampleOfTheRfc_AsExpected(string message, string signature)
    {
        var data = System.Text.Encoding.ASCII.GetBytes(message);
        using var key = IdentityKey.FromScalar(Convert.FromHexString(Scalar));

        var actual = Rfc6979.SignHash(Convert.FromHexString(Scalar), SHA256.HashData(data));

        Assert.Equal(signature, Convert.ToHexString(actual));
        Assert.True(key.Public.Verify(data, actual));
    }
}
