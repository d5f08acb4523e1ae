using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Sessions;

/// <summary>The arguments of "push": [sessionId, client point, path, size, mode, SHA-256, expected].</summary>
/// <param name="sessionId">Random.</param>
/// <param name="client">The key that the client has made for this session.</param>
/// <param name="path">Absolute, at most 4,096 bytes.</param>
/// <param name="size">How many bytes the file has, at most <see cref="FileReadArguments.MaxOffset"/>.</param>
/// <param name="mode">Permissions, 0 to 0777 octal.</param>
/// <param name="sha256">Of the whole content.</param>
/// <param name="expected">SHA-256 of the content that is to be replaced; empty: there must be no file; null: whatever is there.</param>
public sealed class PushArguments(
    SessionId sessionId, HpkePublicKey client, string path, long size, int mode, ReadOnlyMemory<byte> sha256, ReadOnlyMemory<byte>? expected)
{
    /// <summary>Random.</summary>
    public SessionId SessionId { get; } = sessionId;

    /// <summary>The client's key.</summary>
    public HpkePublicKey Client { get; } = client;

    /// <summary>Which file.</summary>
    public string Path { get; } = path;

    /// <summary>Its bytes.</summary>
    public long Size { get; } = size;

    /// <summary>Its permissions.</summary>
    public int Mode { get; } = mode;

    /// <summary>Of its new content.</summary>
    public ReadOnlyMemory<byte> Sha256 { get; } = sha256;

    /// <summary>What it has to be before.</summary>
    public ReadOnlyMemory<byte>? Expected { get; } = expected;

    /// <summary>The wire form.</summary>
    /// <exception cref="InvalidOperationException">It is beyond its limits.</exception>
    public byte[] Encode()
    {
        if (Size is < 0 or > FileReadArguments.MaxOffset || Mode is < 0 or > FileWriteArguments.MaxMode || Sha256.Length != SHA256.HashSizeInBytes
            || Expected is { Length: not (0 or SHA256.HashSizeInBytes) })
        {
            throw new InvalidOperationException($"A file that is pushed has at most {FileReadArguments.MaxOffset} bytes, and its hashes are SHA-256.");
        }

        return MessageBuffer.Write(this, static (push, ref writer) =>
        {
            writer.WriteArrayHead(7);
            SessionFields.Write(ref writer, push.SessionId, push.Client);
            writer.WriteText(push.Path, FileReadArguments.MaxPathBytes);
            writer.WriteUInt64((ulong)push.Size);
            writer.WriteUInt64((ulong)push.Mode);
            writer.WriteBytes(push.Sha256.Span);
            if (push.Expected is { } expected)
            {
                writer.WriteBytes(expected.Span);
            }
            else
            {
                writer.WriteNull();
            }
        });
    }

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out PushArguments? arguments)
    {
        arguments = null;
        ReadOnlyMemory<byte>? expected = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(7)
            || !SessionFields.TryRead(ref reader, out var id, out var client)
            || !reader.TryReadText(out var path, FileReadArguments.MaxPathBytes)
            || !reader.TryReadUInt64(out var size, FileReadArguments.MaxOffset)
            || !reader.TryReadInt32(out var mode, FileWriteArguments.MaxMode)
            || !reader.TryReadFixedBytes(SHA256.HashSizeInBytes, out var sha256))
        {
            return false;
        }

        if (!reader.TryReadNull())
        {
            if (!reader.TryReadBytes(out var hash, SHA256.HashSizeInBytes) || hash.Length is not (0 or SHA256.HashSizeInBytes))
            {
                return false;
            }

            expected = hash.ToArray();
        }

        if (!reader.AtEnd)
        {
            return false;
        }

        arguments = new PushArguments(id, client, path, (long)size, mode, sha256.ToArray(), expected);
        return true;
    }
}
