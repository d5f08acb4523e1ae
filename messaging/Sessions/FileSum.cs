using System.Security.Cryptography;
using Messaging.Wire;

namespace Messaging.Sessions;

/// <summary>What follows the last byte of a file that is pulled: [SHA-256 of the whole].</summary>
public static class FileSum
{
    /// <summary>The wire form.</summary>
    /// <param name="sha256">32 bytes.</param>
    public static byte[] Encode(ReadOnlySpan<byte> sha256)
    {
        var bytes = new byte[1 + CborWriter.StringSize(SHA256.HashSizeInBytes)];
        var writer = new CborWriter(bytes);
        writer.WriteArrayHead(1);
        writer.WriteBytes(sha256);
        return bytes;
    }

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, out byte[] sha256)
    {
        sha256 = [];
        var reader = new CborReader(data);
        if (!reader.TryReadArray(1) || !reader.TryReadFixedBytes(SHA256.HashSizeInBytes, out var hash) || !reader.AtEnd)
        {
            return false;
        }

        sha256 = hash.ToArray();
        return true;
    }
}
