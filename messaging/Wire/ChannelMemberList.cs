using System.Diagnostics.CodeAnalysis;

namespace Messaging.Wire;

/// <summary>Who is in a channel: [1, [* member]].</summary>
/// <param name="Members">In no order, at most <see cref="MaxMembers"/>.</param>
public sealed record ChannelMemberList(IReadOnlyList<ChannelMember> Members)
{
    /// <summary>Members of one channel that are here at a time, at most.</summary>
    public const int MaxMembers = 1000;

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (list, ref writer) => list.Write(ref writer));

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out ChannelMemberList? list)
    {
        var reader = new CborReader(data);
        list = Read(ref reader);
        list = reader.AtEnd ? list : null;
        return list is not null;
    }

    internal void Write(ref CborWriter writer)
    {
        writer.WriteArrayHead(2);
        writer.WriteUInt64(1);
        writer.WriteArrayHead(Members.Count, MaxMembers);
        foreach (var member in Members)
        {
            member.Write(ref writer);
        }
    }

    internal static ChannelMemberList? Read(ref CborReader reader)
    {
        if (!reader.TryReadArray(2) || !reader.TryReadExpected(1) || !reader.TryReadArrayHead(out var count, MaxMembers))
        {
            return null;
        }

        var members = new ChannelMember[count];
        for (var i = 0; i < count; i++)
        {
            if (ChannelMember.Read(ref reader) is not { } member)
            {
                return null;
            }

            members[i] = member;
        }

        return new ChannelMemberList(members);
    }
}
