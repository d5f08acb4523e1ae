using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Wire;

namespace Messaging.Tests.Spec.Files;

internal sealed class ChannelFile : VectorDocument
{
    private const long Taken = 1_790_000_000_123;

    private static readonly Dictionary<string, Func<byte[], byte[]?>> Codecs = new(StringComparer.Ordinal)
    {
        ["channel-create"] = static data => ChannelCreate.TryDecode(data, out var message) ? message.Encode() : null,
        ["channel-info"] = static data => ChannelInfo.TryDecode(data, out var message) ? message.Encode() : null,
        ["appended"] = static data => ChannelAppended.TryDecode(data, out var message) ? message.Encode() : null,
        ["page"] = static data => ChannelPage.TryDecode(data, out var message) ? message.Encode() : null,
        ["member-list"] = static data => ChannelMemberList.TryDecode(data, out var message) ? message.Encode() : null,
        ["request"] = static data => ChannelRequest.TryDecode(data, out var message) ? message.Encode() : null,
        ["answer"] = static data => ChannelAnswer.TryDecode(data, out var message) ? message.Encode() : null,
    };

    private static readonly byte[] Hash = [.. Enumerable.Repeat((byte)0xaa, 32)];
    private static readonly byte[] Secret = [.. Enumerable.Repeat((byte)0x5e, 32)];
    private static readonly ChannelMember Member = new([1, 2, 3], [], Taken);

    private static ChannelId Channel => ChannelId.TryRead(Enumerable.Range(1, 16).Select(static i => (byte)i).ToArray(), out var id) ? id : default;

    public override string Name => "channel.json";

    public override JsonObject Build() => new()
    {
        ["description"] = "Channels at a relay. `value` is the message in CBOR's diagnostic notation.",
        ["accepted"] = Array(Accepted().Select(static one => new JsonObject
        {
            ["why"] = one.Why,
            ["structure"] = one.Structure,
            ["value"] = CborText.Of(one.Message),
            ["message"] = Hex(one.Message),
        })),
        ["refused"] = Array(Refused().Select(static one => new JsonObject { ["why"] = one.Why, ["structure"] = one.Structure, ["message"] = Hex(one.Message) })),
    };

    public override void Verify(JsonElement file)
    {
        foreach (var one in Each(file, "accepted"))
        {
            Assert.Equal(Bytes(one, "message"), Codecs[one.GetProperty("structure").GetString()!](Bytes(one, "message")));
        }

        foreach (var one in Each(file, "refused"))
        {
            Assert.True(Codecs[one.GetProperty("structure").GetString()!](Bytes(one, "message")) is null, Why(one));
        }
    }

    private static IEnumerable<(string Why, string Structure, byte[] Message)> Accepted()
    {
        yield return ("a channel", "channel-create", new ChannelCreate(Hash, [1, 2]).Encode());
        yield return ("no descriptor", "channel-create", new ChannelCreate(Hash, []).Encode());
        yield return ("the longest descriptor", "channel-create", new ChannelCreate(Hash, new byte[ChannelCreate.MaxDescriptorBytes]).Encode());
        yield return ("to a stranger", "channel-info", new ChannelInfo([1], Taken, null, null).Encode());
        yield return ("to a member", "channel-info", new ChannelInfo([1], Taken, 3, 700).Encode());
        yield return ("nothing in it any more", "channel-info", new ChannelInfo([], Taken, 700, 700).Encode());
        yield return ("the first", "appended", new ChannelAppended(0, Taken).Encode());
        yield return ("beyond 32 bits", "appended", new ChannelAppended(1UL << 33, Taken).Encode());
        yield return ("nothing yet", "page", new ChannelPage(0, 0, []).Encode());
        yield return ("two, and one between them is gone", "page", new ChannelPage(5, 8, [new(5, Taken, [1]), new(7, Taken, [2, 3])]).Encode());
        yield return ("nobody", "member-list", new ChannelMemberList([]).Encode());
        yield return ("two", "member-list", new ChannelMemberList([Member, new([9], [8, 7], 0)]).Encode());
        yield return ("open, to follow", "request", ChannelRequest.Open(Channel, Secret, 17).Encode());
        yield return ("open, to append", "request", ChannelRequest.Open(Channel, Secret[..16], null).Encode());
        yield return ("open, as a member", "request", ChannelRequest.Open(Channel, Secret, 0, [1], [2]).Encode());
        yield return ("append", "request", ChannelRequest.Append(Channel, 4_294_967_295, [1, 2, 3]).Encode());
        yield return ("close", "request", ChannelRequest.Close(Channel).Encode());
        yield return ("opened", "answer", ChannelAnswer.Opened(Channel, 3, 700).Encode());
        yield return ("an append refused", "answer", ChannelAnswer.Refused(Channel, 7, "disk_full", "The relay's disk is full.").Encode());
        yield return ("the end of a channel", "answer", ChannelAnswer.Refused(Channel, null, "channel_removed", "The channel was removed.").Encode());
        yield return ("appended", "answer", ChannelAnswer.Appended(Channel, 7, new ChannelAppended(12, Taken)).Encode());
        yield return ("records", "answer", ChannelAnswer.Records(Channel, new ChannelPage(0, 1, [new(0, Taken, [1])])).Encode());
        yield return ("members", "answer", ChannelAnswer.Present(Channel, new ChannelMemberList([Member])).Encode());
    }

    private static IEnumerable<(string Why, string Structure, byte[] Message)> Refused()
    {
        foreach (var (why, structure, message) in Accepted().Where(static one => one.Message.Length < 200))
        {
            yield return ($"{why}, a byte cut off", structure, message[..^1]);
            yield return ($"{why}, a byte after it", structure, [.. message, 0]);
            yield return ($"{why}, a field less announced", structure, [(byte)(message[0] - 1), .. message[1..]]);
            yield return ($"{why}, another kind or version", structure, [message[0], 0x17, .. message[(structure == "answer" && message[1] >= 0x18 ? 3 : 2)..]]);
        }

        yield return ("a hash of 31 bytes", "channel-create", new ChannelCreate(Hash[..31], []).Encode());
        yield return ("a descriptor too long", "channel-create", new ChannelCreate(Hash, new byte[ChannelCreate.MaxDescriptorBytes + 1]).Encode());
        yield return ("first beyond next", "channel-info", new ChannelInfo([], Taken, 8, 7).Encode());
        yield return ("first without next", "channel-info", new ChannelInfo([], Taken, 8, null).Encode());
        yield return ("an offset twice", "page", new ChannelPage(0, 9, [new(5, Taken, [1]), new(5, Taken, [2])]).Encode());
        yield return ("offsets that fall", "page", new ChannelPage(0, 9, [new(5, Taken, [1]), new(4, Taken, [2])]).Encode());
        yield return ("a record at next", "page", new ChannelPage(0, 5, [new(5, Taken, [1])]).Encode());
        yield return ("an empty record", "page", new ChannelPage(0, 5, [new(3, Taken, [])]).Encode());
        yield return ("a name that is empty", "member-list", new ChannelMemberList([Member with { Name = [] }]).Encode());
        yield return ("a name too long", "member-list", new ChannelMemberList([Member with { Name = new byte[65] }]).Encode());
        yield return ("a text too long", "member-list", new ChannelMemberList([Member with { Info = new byte[513] }]).Encode());
        yield return ("a secret of 15 bytes", "request", ChannelRequest.Open(Channel, Secret[..15], null).Encode());
        yield return ("a secret of 65 bytes", "request", ChannelRequest.Open(Channel, new byte[65], null).Encode());
        yield return ("a member without a name", "request", ChannelRequest.Open(Channel, Secret, 0, [], [2]).Encode());
        yield return ("nothing to append", "request", ChannelRequest.Append(Channel, 1, []).Encode());
        yield return ("opened, first beyond next", "answer", ChannelAnswer.Opened(Channel, 8, 7).Encode());
    }
}
