using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Messaging.Relay.Tests.Legacy;

/// <summary>The cryptography of the seed system's agents. It is weak, and stands here only to try the relay.</summary>
internal static class SeedCrypto
{
    private const int BlockBytes = 16;
    private const int NonceBytes = 8;

    public static string ChannelSecret(string channelName, string password)
    {
        var derived = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(channelName + password), "messaging-platform"u8, 100_000, HashAlgorithmName.SHA256, 32);
        return "channel_" + System.Buffers.Text.Base64Url.EncodeToString(derived);
    }

    public static string PasswordHash(string channelSecret, string password) => Hash(channelSecret, password);

    public static string Hash(string channelSecret, string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(channelSecret), Encoding.UTF8.GetBytes(text)));

    public static string Encrypt(string channelSecret, string text, byte[] nonce)
    {
        var data = Encoding.UTF8.GetBytes(text);
        Apply(channelSecret, nonce, data);
        return new JsonObject
        {
            ["cipher"] = Convert.ToBase64String([.. nonce, .. data]),
            ["hash"] = Hash(channelSecret, text),
        }.ToJsonString();
    }

    public static string Encrypt(string channelSecret, string text) => Encrypt(channelSecret, text, NewNonce());

    /// <summary>The text; or null where the hash is another's.</summary>
    public static string? Decrypt(string channelSecret, string content)
    {
        var parts = JsonNode.Parse(content)!;
        var bytes = Convert.FromBase64String((string)parts["cipher"]!);
        var data = bytes[NonceBytes..];
        Apply(channelSecret, bytes[..NonceBytes], data);
        var text = Encoding.UTF8.GetString(data);
        return Hash(channelSecret, text) == (string?)parts["hash"] ? text : null;
    }

    /// <summary>Milliseconds and seconds of the clock around two random bytes.</summary>
    public static byte[] NewNonce()
    {
        var now = TimeProvider.System.GetUtcNow();
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(nonce, (ushort)now.Millisecond);
        BinaryPrimitives.WriteUInt32LittleEndian(nonce.AsSpan(4), (uint)now.ToUnixTimeSeconds());
        return nonce;
    }

    /// <summary>The secret's beginning, encrypted under itself.</summary>
    public static byte[] AesKey(string channelSecret)
    {
        var password = new byte[BlockBytes];
        Encoding.UTF8.GetBytes(channelSecret).AsSpan(0, Math.Min(BlockBytes, channelSecret.Length)).CopyTo(password);
        using var aes = Aes.Create();
        aes.Key = password;
        return aes.EncryptEcb(password, PaddingMode.None);
    }

    /// <summary>What a password-reply tells: base64, or JSON around it; in it the password, or JSON with the channel's name.</summary>
    public static string OpenPassword(RSA key, string content)
    {
        var cipher = content.StartsWith('{') ? (string)JsonNode.Parse(content)!["cipher"]! : content;
        var text = Encoding.UTF8.GetString(key.Decrypt(Convert.FromBase64String(cipher), RSAEncryptionPadding.OaepSHA256));
        return text.StartsWith('{') ? (string)JsonNode.Parse(text)!["channelPassword"]! : text;
    }

    /// <summary>AES-128-CTR.</summary>
    private static void Apply(string channelSecret, byte[] nonce, Span<byte> data)
    {
        using var inner = Aes.Create();
        inner.Key = AesKey(channelSecret);
        var block = new byte[BlockBytes];
        nonce.CopyTo(block, 0);
        for (var start = 0; start < data.Length; start += BlockBytes)
        {
            BinaryPrimitives.WriteInt64BigEndian(block.AsSpan(NonceBytes), start / BlockBytes);
            var stream = inner.EncryptEcb(block, PaddingMode.None);
            for (var i = start; i < Math.Min(start + BlockBytes, data.Length); i++)
            {
                data[i] ^= stream[i - start];
            }
        }
    }
}
