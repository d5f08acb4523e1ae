using System.Text;
using Messaging.Wire;

namespace Messaging.Fuzz.Targets;

internal sealed class ChannelCreateTarget : IFuzzTarget
{
    public static string Name => "channel-create";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (ChannelCreate.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
        [new ChannelCreate(Samples.Bytes(32, 0xaa), [1, 2]).Encode(), new ChannelCreate(Samples.Bytes(32, 0xaa), []).Encode()];
}

internal sealed class ChannelInfoTarget : IFuzzTarget
{
    public static string Name => "channel-info";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (ChannelInfo.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
        [new ChannelInfo([1], 1_790_000_000_123, null, null).Encode(), new ChannelInfo([], 0, 3, 700).Encode()];
}

internal sealed class ChannelAppendedTarget : IFuzzTarget
{
    public static string Name => "channel-appended";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (ChannelAppended.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
        [new ChannelAppended(1UL << 33, 1_790_000_000_123).Encode()];
}

internal sealed class ChannelPageTarget : IFuzzTarget
{
    public static string Name => "channel-page";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (ChannelPage.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
        [new ChannelPage(5, 8, [new(5, 1_790_000_000_123, [1]), new(7, 1_790_000_000_123, [2, 3])]).Encode()];
}

internal sealed class ChannelMemberListTarget : IFuzzTarget
{
    public static string Name => "channel-member-list";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (ChannelMemberList.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
        [new ChannelMemberList([new([1, 2, 3], [], 1_790_000_000_123), new([9], [8, 7], 0)]).Encode()];
}

internal sealed class ChannelJoinTarget : IFuzzTarget
{
    public static string Name => "channel-join";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (ChannelJoin.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
        [new ChannelJoin([1], [2, 3]).Encode()];
}

internal sealed class ChannelRequestTarget : IFuzzTarget
{
    public static string Name => "channel-request";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (ChannelRequest.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        ChannelRequest.Open(Samples.Channel, Samples.Bytes(32, 0x5e), 17).Encode(), ChannelRequest.Open(Samples.Channel, Samples.Bytes(16, 0x5e), 0, [1], [2]).Encode(),
        ChannelRequest.Append(Samples.Channel, 7, [1, 2, 3]).Encode(), ChannelRequest.Close(Samples.Channel).Encode(),
    ];
}

internal sealed class ChannelAnswerTarget : IFuzzTarget
{
    public static string Name => "channel-answer";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (ChannelAnswer.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        ChannelAnswer.Opened(Samples.Channel, 3, 700).Encode(), ChannelAnswer.Refused(Samples.Channel, 7, "disk_full", "Full.").Encode(),
        ChannelAnswer.Appended(Samples.Channel, 7, new ChannelAppended(12, 1_790_000_000_123)).Encode(),
        ChannelAnswer.Records(Samples.Channel, new ChannelPage(0, 1, [new(0, 1_790_000_000_123, [1])])).Encode(),
        ChannelAnswer.Present(Samples.Channel, new ChannelMemberList([new([1], [], 0)])).Encode(),
    ];
}

internal sealed class ChannelTextTarget : IFuzzTarget
{
    public static string Name => "channel-text";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        var text = Encoding.Latin1.GetString(data);
        if (ChannelId.TryParse(text, out var id))
        {
            Promise.Holds(string.Equals(text, id.ToString(), StringComparison.OrdinalIgnoreCase), "an id is written in one way");
        }

        if (ChannelId.TryRead(data, out var raw))
        {
            Promise.Holds(raw != default, "no id is all zeros");
        }

        if (ChannelSocket.TryParseSecret(text, out var secret))
        {
            Promise.Holds(secret.Length is >= ChannelSocket.MinSecretBytes and <= ChannelSocket.MaxSecretBytes, "a secret has its length");
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
        [Encoding.ASCII.GetBytes(Samples.Channel.ToString()), Samples.Bytes(16, 0x11), "XnNeXnNeXnNeXnNeXnNeXnNeXnNeXnNeXnNeXnNeXnM"u8.ToArray()];
}
