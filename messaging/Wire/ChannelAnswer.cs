using System.Diagnostics.CodeAnalysis;

namespace Messaging.Wire;

/// <summary>
/// A relay's message on a channels' WebSocket: opened [17, channelId, first, next], refused [18, channelId, tag / null, code, text],
/// appended [19, channelId, tag, offset, unixMs], records [20, channelId, page], members [21, channelId, memberList].
/// </summary>
public sealed record ChannelAnswer
{
    /// <summary>Bytes of a code, at most.</summary>
    public const int MaxCodeBytes = 64;

    /// <summary>Bytes of a text, at most.</summary>
    public const int MaxTextBytes = 512;

    private ChannelAnswer(ChannelAnswerKind kind, ChannelId channel) => (Kind, Channel) = (kind, channel);

    /// <summary>What is said; which of the other properties are set follows from it.</summary>
    public ChannelAnswerKind Kind { get; }

    /// <summary>Of which channel.</summary>
    public ChannelId Channel { get; }

    /// <summary>Opened: offset of the oldest record that is kept.</summary>
    public ulong First { get; private init; }

    /// <summary>Opened: offset that the next record gets.</summary>
    public ulong Next { get; private init; }

    /// <summary>Appended, refused: the tag of the append; null when it was not an append that was refused.</summary>
    public uint? Tag { get; private init; }

    /// <summary>Refused: stable, for programs.</summary>
    public string Code { get; private init; } = "";

    /// <summary>Refused: for people.</summary>
    public string Text { get; private init; } = "";

    /// <summary>Appended: where the record is.</summary>
    public ChannelAppended? Record { get; private init; }

    /// <summary>Records: some of them.</summary>
    public ChannelPage? Page { get; private init; }

    /// <summary>Members: all of them.</summary>
    public ChannelMemberList? Members { get; private init; }

    /// <summary>A channel is open.</summary>
    public static ChannelAnswer Opened(ChannelId channel, ulong first, ulong next) => new(ChannelAnswerKind.Opened, channel) { First = first, Next = next };

    /// <summary>A request was refused; without a tag also the end of an open channel.</summary>
    public static ChannelAnswer Refused(ChannelId channel, uint? tag, string code, string text) =>
        new(ChannelAnswerKind.Refused, channel) { Tag = tag, Code = code, Text = text };

    /// <summary>A record is on the disk.</summary>
    public static ChannelAnswer Appended(ChannelId channel, uint tag, ChannelAppended record) => new(ChannelAnswerKind.Appended, channel) { Tag = tag, Record = record };

    /// <summary>Records.</summary>
    public static ChannelAnswer Records(ChannelId channel, ChannelPage page) => new(ChannelAnswerKind.Records, channel) { Page = page };

    /// <summary>Who is here now.</summary>
    public static ChannelAnswer Present(ChannelId channel, ChannelMemberList members) => new(ChannelAnswerKind.Members, channel) { Members = members };

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (answer, ref writer) => answer.Write(ref writer));

    /// <summary>Writes the wire form.</summary>
    public void Write(ref CborWriter writer)
    {
        writer.WriteArrayHead(Kind switch { ChannelAnswerKind.Opened => 4, ChannelAnswerKind.Records or ChannelAnswerKind.Members => 3, _ => 5 });
        writer.WriteUInt64((ulong)Kind);
        writer.WriteBytes(Channel.ToArray());
        switch (Kind)
        {
            case ChannelAnswerKind.Opened:
                writer.WriteUInt64(First);
                writer.WriteUInt64(Next);
                break;
            case ChannelAnswerKind.Refused:
                writer.WriteUInt64OrNull(Tag);
                writer.WriteText(Code, MaxCodeBytes);
                writer.WriteText(Text, MaxTextBytes);
                break;
            case ChannelAnswerKind.Appended:
                writer.WriteUInt64(Tag!.Value);
                writer.WriteUInt64(Record!.Offset);
                UnixTime.Write(ref writer, Record.UnixMs);
                break;
            case ChannelAnswerKind.Records:
                Page!.Write(ref writer);
                break;
            default:
                Members!.Write(ref writer);
                break;
        }
    }

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out ChannelAnswer? answer)
    {
        answer = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArrayHead(out var count, 5)
            || !reader.TryReadUInt32(out var kind, (uint)ChannelAnswerKind.Members)
            || !reader.TryReadFixedBytes(ChannelId.Size, out var idBytes)
            || !ChannelId.TryRead(idBytes, out var id))
        {
            return false;
        }

        answer = ((ChannelAnswerKind)kind, count) switch
        {
            (ChannelAnswerKind.Opened, 4) => reader.TryReadUInt64(out var first) && reader.TryReadUInt64(out var next) && first <= next ? Opened(id, first, next) : null,
            (ChannelAnswerKind.Refused, 5) => ReadRefused(ref reader, id),
            (ChannelAnswerKind.Appended, 5) => reader.TryReadUInt32(out var tag) && reader.TryReadUInt64(out var offset) && UnixTime.TryRead(ref reader, out var unixMs)
                ? Appended(id, tag, new ChannelAppended(offset, unixMs))
                : null,
            (ChannelAnswerKind.Records, 3) => ChannelPage.Read(ref reader) is { } page ? Records(id, page) : null,
            (ChannelAnswerKind.Members, 3) => ChannelMemberList.Read(ref reader) is { } members ? Present(id, members) : null,
            _ => null,
        };
        answer = reader.AtEnd ? answer : null;
        return answer is not null;
    }

    private static ChannelAnswer? ReadRefused(ref CborReader reader, ChannelId id)
    {
        uint? tag = null;
        if (!reader.TryReadNull())
        {
            if (!reader.TryReadUInt32(out var number))
            {
                return null;
            }

            tag = number;
        }

        return reader.TryReadText(out var code, MaxCodeBytes) && reader.TryReadText(out var text, MaxTextBytes) ? Refused(id, tag, code, text) : null;
    }
}
