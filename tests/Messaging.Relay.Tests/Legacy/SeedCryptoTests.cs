using System.Text.Json.Nodes;

namespace Messaging.Relay.Tests.Legacy;

/// <summary>The vectors of the legacy profile: the agents of the tests speak as those in the field.</summary>
public sealed class SeedCryptoTests
{
    private const string Secret = "channel_f12ky3-wOcczH0THGPkWQurZxru0zV0DSfi-9B60yjQ";
    private const string Text = "Hello ✓ legacy";

    [Fact]
    public void ChannelSecret_OfNameAndPassword_IsTheVector() => Assert.Equal(Secret, SeedCrypto.ChannelSecret("system001", "12345678"));

    [Fact]
    public void Encrypt_WithANonce_IsTheVector()
    {
        var content = JsonNode.Parse(SeedCrypto.Encrypt(Secret, Text, Convert.FromHexString("2a01beef80f0bc64")))!;

        Assert.Equal("KgG+74DwvGRiygnlK4RfDx1unGSNI2Sv", (string?)content["cipher"]);
        Assert.Equal("778e803b068b409fcd8565ec3474cac4d084f2bfe56d3bca6f2f932b79f63f2f", (string?)content["hash"]);
    }

    [Fact]
    public void Decrypt_OfWhatWasEncrypted_IsTheText_AndOfWhatWasChanged_Nothing()
    {
        var text = new string('ä', 100);
        var content = SeedCrypto.Encrypt(Secret, text);

        Assert.Equal(text, SeedCrypto.Decrypt(Secret, content));
        Assert.Null(SeedCrypto.Decrypt(Secret + "x", content));
    }
}
