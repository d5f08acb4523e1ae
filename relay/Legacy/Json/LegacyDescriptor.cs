using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Messaging.Relay.Channels;

namespace Messaging.Relay.Legacy.Json;

/// <summary>What is stored with a legacy channel.</summary>
/// <param name="ApiKeyHash">SHA-256 of the key that made it: who steals the file can neither list nor reset.</param>
internal sealed record LegacyDescriptor(string Name, byte[] ApiKeyHash)
{
    public static LegacyDescriptor Of(Channel channel) =>
        JsonSerializer.Deserialize(channel.Description.Descriptor, LegacyJson.Lenient.LegacyDescriptor)
        ?? throw new InvalidDataException($"Channel {channel.Id} has no descriptor.");

    public static byte[] Hash(string apiKey) => SHA256.HashData(Encoding.UTF8.GetBytes(apiKey));

    public bool IsOf(string apiKey) => CryptographicOperations.FixedTimeEquals(ApiKeyHash, Hash(apiKey));

    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, LegacyJson.Lenient.LegacyDescriptor);
}
