using System.Security.Cryptography;
using System.Text;
using Messaging.Relay.Legacy;

namespace Messaging.Relay.Tests.Legacy;

public sealed class LegacyChannelIdTests
{
    [Fact]
    public void Of_Credentials_IsTheBeginningOfTheirHash()
    {
        byte[] input = [.. "messaging/legacy-channel/1"u8, 0, 0, 0, 3, .. "key"u8, 0, 0, 0, 3, .. Encoding.UTF8.GetBytes("ä1"), 0, 0, 0, 0];

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(input).AsSpan(0, 16)), LegacyChannelId.Of("key", "ä1", "").ToString());
    }

    [Fact]
    public void Of_TextsCutElsewhere_IsAnother()
    {
        string[] ids =
        [
            LegacyChannelId.Of("k", "ab", "c").ToString(), LegacyChannelId.Of("k", "a", "bc").ToString(), LegacyChannelId.Of("ka", "b", "c").ToString(),
            LegacyChannelId.Of("k", "abc", "").ToString(), LegacyChannelId.Of("", "kab", "c").ToString(),
        ];

        Assert.Distinct(ids);
    }
}
