using System.Security.Cryptography;
using CsCheck;
using Messaging.Commands;
using Messaging.Fuzz;
using Messaging.Tests.Support;
using Messaging.Wire;

namespace Messaging.Tests.Commands;

public sealed class DeviceSetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(100)]
    public void Contains_EachMemberWithItsProof_AndNobodyElse(int size)
    {
        var set = new DeviceSet(Members(size));

        Assert.Equal(Convert.ToHexStringLower(RootByTheDefinition([.. set.Members])), set.Root.ToString());
        for (var i = 0; i < size; i++)
        {
            Assert.True(set.Root.Contains(set.Members[i], i, set.Proof(i)));
            Assert.Equal(i, set.IndexOf(set.Members[i].Device));
            Assert.False(set.Root.Contains(new SetMember(Device(100_000), null), i, set.Proof(i)), "a stranger");
            Assert.False(set.Root.Contains(new SetMember(set.Members[i].Device, new CommandFreshness(Samples.Boot(9), 1)), i, set.Proof(i)), "another boot");
            Assert.False(set.Root.Contains(set.Members[i], i + 1, set.Proof(i)), "another place");
            if (size > 1)
            {
                var other = (i + 1) % size;
                Assert.False(set.Root.Contains(set.Members[i], i, set.Proof(other)), "another's proof");
                Assert.False(set.Root.Contains(set.Members[i], other, set.Proof(other)), "another's place and proof");
                Assert.False(set.Root.Contains(set.Members[i], i, set.Proof(i).AsSpan(0, set.Proof(i).Length - 32)), "a proof that is cut off");
                Assert.False(set.Root.Contains(set.Members[i], i, set.Proof(i).AsSpan(1)), "half a hash");
            }

            Assert.False(set.Root.Contains(set.Members[i], i, [.. set.Proof(i), .. new byte[32]]), "a hash more");
        }

        Assert.Equal(-1, set.IndexOf(Device(100_000)));
    }

    /// <summary>An inner node is not a leaf, and a set with another size is another set.</summary>
    [Fact]
    public void Contains_OfAnotherSize_IsFalse()
    {
        var set = new DeviceSet(Members(5));
        for (var size = 1; size < 12; size++)
        {
            if (size != 5)
            {
                var other = new DeviceSetRoot(set.Root.Hash, size);
                Assert.All(Enumerable.Range(0, 5), i => Assert.False(other.Contains(set.Members[i], i, set.Proof(i)) && Depth(i, 5) != Depth(i, size)));
                Assert.NotEqual(other, set.Root);
            }
        }
    }

    [Fact]
    public void Create_OfTwiceTheSameOrNobody_Throws()
    {
        Assert.Throws<ArgumentException>(static () => new DeviceSet([]));
        Assert.Throws<ArgumentException>(static () => new DeviceSet([new SetMember(Device(1), null), new SetMember(Device(1), new CommandFreshness(Samples.Boot(1), 1))]));
    }

    [Fact]
    public void Delivery_ToEachMember_IsForItAndForNobodyElse()
    {
        var set = new DeviceSet(Members(11));
        var command = Signed(set.Root);
        for (var i = 0; i < 11; i++)
        {
            Assert.True(CommandDelivery.TryParse(CommandDelivery.Of(command, set, i).Bytes.Span, out var delivery));
            Assert.True(delivery.IsFor(set.Members[i].Device));
            Assert.Equal(set.Members[i].Freshness, delivery.Freshness);
            Assert.False(delivery.IsFor(set.Members[(i + 1) % 11].Device));
            Assert.Equal(command.Bytes.ToArray(), delivery.Command.Bytes.ToArray());
        }
    }

    [Fact]
    public void Delivery_WithEachBitFlippedAndEachTruncation_IsForNobody()
    {
        var set = new DeviceSet(Members(3));
        Mutations.AssertNoneAccepted(
            CommandDelivery.Of(Signed(set.Root), set, 1).Bytes.ToArray(),
            data => CommandDelivery.TryParse(data, out var delivery) && delivery.IsFor(set.Members[1].Device) && delivery.Command.Verify(Samples.Server.Public));
    }

    [Fact]
    public void TryParse_OfFormsThatDoNotFit_IsRefused()
    {
        var set = new DeviceSet(Members(3));
        var alone = Command.Sign(Samples.Server, Samples.Command);

        Assert.False(CommandDelivery.TryParse(Signed(set.Root).Bytes.Span, out _), "a set's command without a proof");
        Assert.False(CommandDelivery.TryParse(CommandDelivery.Encode(alone.Bytes.Span, 0, null, []), out _), "a device's command with one");
        Assert.False(CommandDelivery.TryParse(CommandDelivery.Encode(Signed(set.Root).Bytes.Span, DeviceSetRoot.MaxSize, null, []), out _), "a place beyond any set");
        Assert.Throws<ArgumentException>(() => Command.Sign(Samples.Server, Samples.Command with { Target = Messaging.Commands.CommandTarget.Of(set.Root, 1) }));
    }

    [Fact]
    public void CommandOrder_OfASet_RoundTripsStrictly()
    {
        var set = new DeviceSet(Members(4));
        var order = CommandOrder.Of(Signed(set.Root), set);
        var data = order.Encode();

        Mutations.AssertStrictLength(data, static data => CommandOrder.TryDecode(data, out _));
        Assert.True(CommandOrder.TryDecode(data, out var decoded));
        Assert.Equal(set.Root, decoded.Set!.Root);
        Assert.True(CommandOrder.TryDecode(CommandOrder.Of(Command.Sign(Samples.Server, Samples.Command), null).Encode(), out var single));
        Assert.Null(single.Set);
        Assert.Throws<ArgumentException>(() => CommandOrder.Of(order.Command, new DeviceSet(Members(3))));
        Assert.Throws<ArgumentException>(() => CommandOrder.Of(order.Command, null));

        // The last member's id becomes another one: the root does not fit any more.
        data[^20] ^= 1;
        Assert.False(CommandOrder.TryDecode(data, out _));
    }

    private static Command Signed(DeviceSetRoot root) =>
        Command.Sign(Samples.Server, Samples.Command with { Target = Messaging.Commands.CommandTarget.Of(root, 1), Freshness = null });

    private static IEnumerable<SetMember> Members(int count) =>
        Enumerable.Range(0, count).Select(static i => new SetMember(Device(i), i % 3 == 0 ? new CommandFreshness(Samples.Boot(7), (ulong)i) : null));

    private static PrincipalId Device(int number) => PrincipalId.TryRead(SHA256.HashData(BitConverter.GetBytes(number)).AsSpan(0, 16), out var id) ? id : default;

    /// <summary>How many hashes lead from a leaf to the root.</summary>
    private static int Depth(int index, int size) => size == 1 ? 0
        : index < Split(size) ? 1 + Depth(index, Split(size)) : 1 + Depth(index - Split(size), size - Split(size));

    private static int Split(int size)
    {
        var half = 1;
        while (half * 2 < size)
        {
            half *= 2;
        }

        return half;
    }

    /// <summary>MTH of RFC 9162, section 2.1.1, word by word.</summary>
    private static byte[] RootByTheDefinition(SetMember[] members)
    {
        if (members.Length == 1)
        {
            var buffer = new byte[64];
            var writer = new CborWriter(buffer);
            members[0].Write(ref writer);
            return SHA256.HashData([0, .. buffer.AsSpan(0, writer.Written)]);
        }

        var split = Split(members.Length);
        return SHA256.HashData([1, .. RootByTheDefinition(members[..split]), .. RootByTheDefinition(members[split..])]);
    }
}
