using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Messaging.Wire;

namespace Messaging.Relay.Legacy;

/// <summary>The id of a legacy channel: equal credentials meet in one channel.</summary>
internal static class LegacyChannelId
{
    private static ReadOnlySpan<byte> Label => "messaging/legacy-channel/1"u8;

    /// <summary>The first 16 bytes of SHA-256 over a label and three texts, each in UTF-8 after its length in four bytes, big-endian.</summary>
    /// <param name="apiKey">Whose it is.</param>
    /// <param name="name">The channel's name.</param>
    /// <param name="password">The hash of its password, as the agents send it.</param>
    public static ChannelId Of(string apiKey, string name, string password)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Label);
        foreach (var text in (ReadOnlySpan<string>)[apiKey, name, password])
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var length = new byte[sizeof(int)];
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return ChannelId.TryRead(hash.GetHashAndReset().AsSpan(0, ChannelId.Size), out var id)
            ? id
            : throw new InvalidOperationException("A hash is longer than an id.");
    }
}
