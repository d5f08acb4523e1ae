using System.Diagnostics.CodeAnalysis;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Sessions;

/// <summary>The arguments of "push": [sessionId, client point, path, size, permission bits, SHA-256].</summary>
/// <param name="sessionId">Random.</param>
/// <param name="client">The key that the client has made for this session.</param>
/// <param name="path">Where on the device; at most <see cref="MaxPathBytes"/> of UTF-8, no zero character.</param>
/// <param name="facts">What comes.</param>
public sealed class PushArguments(SessionId sessionId, HpkePublicKey client, string path, FileFacts facts)
{
    /// <summary>The longest path, in bytes.</summary>
    public const int MaxPathBytes = 1024;

    /// <summary>Random.</summary>
    public SessionId SessionId { get; } = sessionId;

    /// <summary>The client's key.</summary>
    public HpkePublicKey Client { get; } = client;

    /// <summary>Where on the device.</summary>
    public string Path { get; } = path;

    /// <summary>What comes.</summary>
    public FileFacts Facts { get; } = facts;

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (push, ref writer) =>
    {
        writer.WriteArrayHead(6);
        SessionFields.Write(ref writer, push.SessionId, push.Client);
        writer.WriteText(push.Path, MaxPathBytes);
        push.Facts.Write(ref writer);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out PushArguments? arguments)
    {
        arguments = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(6)
            || !SessionFields.TryRead(ref reader, out var id, out var client)
            || !SessionFields.TryReadPath(ref reader, out var path)
            || !FileFacts.TryRead(ref reader, out var facts)
            || !reader.AtEnd)
        {
            return false;
        }

        arguments = new PushArguments(id, client, path, facts);
        return true;
    }
}
