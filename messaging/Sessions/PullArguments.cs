using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Sessions;

/// <summary>The arguments of "pull": [sessionId, client point, path, offset, prefix, largest].</summary>
/// <param name="sessionId">Random.</param>
/// <param name="client">The key that the client has made for this session.</param>
/// <param name="path">Absolute, at most 4,096 bytes.</param>
/// <param name="offset">How many bytes the client has already, at most <see cref="FileReadArguments.MaxOffset"/>.</param>
/// <param name="prefix">SHA-256 of these; null when there are none.</param>
/// <param name="largest">The most bytes that the whole file may have for the client.</param>
public sealed class PullArguments(SessionId sessionId, HpkePublicKey client, string path, long offset, ReadOnlyMemory<byte>? prefix, long largest)
{
    /// <summary>Random.</summary>
    public SessionId SessionId { get; } = sessionId;

    /// <summary>The client's key.</summary>
    public HpkePublicKey Client { get; } = client;

    /// <summary>Which file.</summary>
    public string Path { get; } = path;

    /// <summary>What the client has already.</summary>
    public long Offset { get; } = offset;

    /// <summary>The hash of that.</summary>
    public ReadOnlyMemory<byte>? Prefix { get; } = prefix;

    /// <summary>What the client takes.</summary>
    public long Largest { get; } = largest;

    /// <summary>The wire form.</summary>
    /// <exception cref="InvalidOperationException">It is beyond its limits.</exception>
    public byte[] Encode()
    {
        if (Offset is < 0 or > FileReadArguments.MaxOffset || Largest is < 0 or > FileReadArguments.MaxOffset || (Offset == 0) != (Prefix is null)
            || Prefix is { Length: not SHA256.HashSizeInBytes })
        {
            throw new InvalidOperationException($"A file that is pulled has at most {FileReadArguments.MaxOffset} bytes, and what is there of it has a SHA-256.");
        }

        return MessageBuffer.Write(this, static (pull, ref writer) =>
        {
            writer.WriteArrayHead(6);
            SessionFields.Write(ref writer, pull.SessionId, pull.Client);
            writer.WriteText(pull.Path, FileReadArguments.MaxPathBytes);
            writer.WriteUInt64((ulong)pull.Offset);
            if (pull.Prefix is { } prefix)
            {
                writer.WriteBytes(prefix.Span);
            }
            else
            {
                writer.WriteNull();
            }

            writer.WriteUInt64((ulong)pull.Largest);
        });
    }

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out PullArguments? arguments)
    {
        arguments = null;
        ReadOnlyMemory<byte>? prefix = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(6)
            || !SessionFields.TryRead(ref reader, out var id, out var client)
            || !reader.TryReadText(out var path, FileReadArguments.MaxPathBytes)
            || !reader.TryReadUInt64(out var offset, FileReadArguments.MaxOffset))
        {
            return false;
        }

        if (!reader.TryReadNull())
        {
            if (!reader.TryReadFixedBytes(SHA256.HashSizeInBytes, out var hash))
            {
                return false;
            }

            prefix = hash.ToArray();
        }

        if ((offset == 0) != (prefix is null) || !reader.TryReadUInt64(out var largest, FileReadArguments.MaxOffset) || !reader.AtEnd)
        {
            return false;
        }

        arguments = new PullArguments(id, client, path, (long)offset, prefix, (long)largest);
        return true;
    }
}
