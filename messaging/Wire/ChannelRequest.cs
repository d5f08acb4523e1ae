using System.Diagnostics.CodeAnalysis;

namespace Messaging.Wire;

/// <summary>
/// A client's message on a channels' WebSocket: open [1, channelId, secret, from / null, member / null] with member [name, info],
/// append [2, channelId, tag, body], close [3, channelId].
/// </summary>
public sealed record ChannelRequest
{
    private ChannelRequest(ChannelRequestKind kind, ChannelId channel) => (Kind, Channel) = (kind, channel);

    /// <summary>What is wanted; which of the other properties are set follows from it.</summary>
    public ChannelRequestKind Kind { get; }

    /// <summary>Of which channel.</summary>
    public ChannelId Channel { get; }

    /// <summary>Open: the secret.</summary>
    public byte[] Secret { get; private init; } = [];

    /// <summary>Open: from which offset on records are wanted; null: none are.</summary>
    public ulong? From { get; private init; }

    /// <summary>Open: what the client is called; null: it is no member.</summary>
    public byte[]? MemberName { get; private init; }

    /// <summary>Open: what the member says of itself.</summary>
    public byte[] MemberInfo { get; private init; } = [];

    /// <summary>Append: what the answer carries, so that the client finds what it is an answer to.</summary>
    public uint Tag { get; private init; }

    /// <summary>Append: the record.</summary>
    public byte[] Body { get; private init; } = [];

    /// <summary>Opens a channel.</summary>
    public static ChannelRequest Open(ChannelId channel, byte[] secret, ulong? from, byte[]? memberName = null, byte[]? memberInfo = null) =>
        new(ChannelRequestKind.Open, channel) { Secret = secret, From = from, MemberName = memberName, MemberInfo = memberInfo ?? [] };

    /// <summary>Appends a record.</summary>
    public static ChannelRequest Append(ChannelId channel, uint tag, byte[] body) => new(ChannelRequestKind.Append, channel) { Tag = tag, Body = body };

    /// <summary>Closes a channel.</summary>
    public static ChannelRequest Close(ChannelId channel) => new(ChannelRequestKind.Close, channel);

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (request, ref writer) =>
    {
        writer.WriteArrayHead(request.Kind switch { ChannelRequestKind.Open => 5, ChannelRequestKind.Append => 4, _ => 2 });
        writer.WriteUInt64((ulong)request.Kind);
        writer.WriteBytes(request.Channel.ToArray());
        if (request.Kind == ChannelRequestKind.Open)
        {
            writer.WriteBytes(request.Secret);
            writer.WriteUInt64OrNull(request.From);
            if (request.MemberName is { } name)
            {
                writer.WriteArrayHead(2);
                writer.WriteBytes(name);
                writer.WriteBytes(request.MemberInfo);
            }
            else
            {
                writer.WriteNull();
            }
        }
        else if (request.Kind == ChannelRequestKind.Append)
        {
            writer.WriteUInt64(request.Tag);
            writer.WriteBytes(request.Body);
        }
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out ChannelRequest? request)
    {
        request = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArrayHead(out var count, 5)
            || !reader.TryReadUInt32(out var kind, (uint)ChannelRequestKind.Close)
            || !reader.TryReadFixedBytes(ChannelId.Size, out var idBytes)
            || !ChannelId.TryRead(idBytes, out var id))
        {
            return false;
        }

        request = ((ChannelRequestKind)kind, count) switch
        {
            (ChannelRequestKind.Open, 5) => ReadOpen(ref reader, id),
            (ChannelRequestKind.Append, 4) => ReadAppend(ref reader, id),
            (ChannelRequestKind.Close, 2) => Close(id),
            _ => null,
        };
        request = reader.AtEnd ? request : null;
        return request is not null;
    }

    private static ChannelRequest? ReadOpen(ref CborReader reader, ChannelId id)
    {
        if (!reader.TryReadBytes(out var secret, ChannelSocket.MaxSecretBytes) || secret.Length < ChannelSocket.MinSecretBytes)
        {
            return null;
        }

        ulong? from = null;
        if (!reader.TryReadNull())
        {
            if (!reader.TryReadUInt64(out var offset))
            {
                return null;
            }

            from = offset;
        }

        if (reader.TryReadNull())
        {
            return Open(id, secret.ToArray(), from);
        }

        return reader.TryReadArray(2)
            && reader.TryReadBytes(out var name, ChannelMember.MaxNameBytes)
            && !name.IsEmpty
            && reader.TryReadBytes(out var info, ChannelMember.MaxInfoBytes)
                ? Open(id, secret.ToArray(), from, name.ToArray(), info.ToArray())
                : null;
    }

    private static ChannelRequest? ReadAppend(ref CborReader reader, ChannelId id) =>
        reader.TryReadUInt32(out var tag) && reader.TryReadBytes(out var body, ChannelRecord.MaxBytes) && !body.IsEmpty
            ? Append(id, tag, body.ToArray())
            : null;
}
