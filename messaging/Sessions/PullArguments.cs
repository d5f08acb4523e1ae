using System.Diagnostics.CodeAnalysis;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Sessions;

/// <summary>The arguments of "pull": [sessionId, client point, path].</summary>
/// <param name="sessionId">Random.</param>
/// <param name="client">The key that the client has made for this session.</param>
/// <param name="path">Which file of the device; at most <see cref="PushArguments.MaxPathBytes"/> of UTF-8, no zero character.</param>
public sealed class PullArguments(SessionId sessionId, HpkePublicKey client, string path)
{
    /// <summary>Random.</summary>
    public SessionId SessionId { get; } = sessionId;

    /// <summary>The client's key.</summary>
    public HpkePublicKey Client { get; } = client;

    /// <summary>Which file.</summary>
    public string Path { get; } = path;

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (pull, ref writer) =>
    {
        writer.WriteArrayHead(3);
        SessionFields.Write(ref writer, pull.SessionId, pull.Client);
        writer.WriteText(pull.Path, PushArguments.MaxPathBytes);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out PullArguments? arguments)
    {
        arguments = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(3)
            || !SessionFields.TryRead(ref reader, out var id, out var client)
            || !SessionFields.TryReadPath(ref reader, out var path)
            || !reader.AtEnd)
        {
            return false;
        }

        arguments = new PullArguments(id, client, path);
        return true;
    }
}
