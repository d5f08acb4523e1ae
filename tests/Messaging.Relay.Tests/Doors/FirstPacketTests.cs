using System.Buffers;
using CsCheck;
using Messaging.Relay.Doors;
using Messaging.Relay.Tests.Support;
using MQTTnet.Formatter;
using MQTTnet.Packets;

namespace Messaging.Relay.Tests.Doors;

public sealed class FirstPacketTests
{
    private const int Limit = 8192;

    [Theory]
    [InlineData(MqttProtocolVersion.V500)]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V310)]
    public void User_IsAUser(MqttProtocolVersion version) => Assert.Equal(Destination.Users, Judge(Encode(UsersHost.Connect("u", "c"), version)));

    [Fact]
    public void Fleet_IsTheFleet()
    {
        using var device = new Principal();
        Assert.Equal(Destination.Fleet, Judge(Encode(RawClient.Hello(device, out _))));
        Assert.Equal(Destination.Fleet, Judge(Encode(UsersHost.Connect(device.Name, device.Name), MqttProtocolVersion.V311)));
        Assert.Equal(Destination.Fleet, Judge(Encode(UsersHost.Connect("u", "c", static packet => packet.AuthenticationMethod = "SCRAM-SHA-1"))));
    }

    [Fact]
    public void Start_OfAConnect_IsWaitedFor()
    {
        var whole = Encode(UsersHost.Connect("u", "c"));

        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Equal(Destination.Undecided, Judge(whole[..length]));
        }

        Assert.Equal(Destination.Users, Judge([.. whole, 0xC0, 0]));
    }

    [Theory]
    [InlineData("C000")]
    [InlineData("82")]
    [InlineData("00")]
    [InlineData("474554")]
    [InlineData("10FFFFFF7F")]
    [InlineData("1081C001")]
    [InlineData("10FFFFFFFF")]
    public void Anything_ThatIsNoConnect_IsNotWaitedFor(string hex) => Assert.Equal(Destination.Fleet, Judge(Convert.FromHexString(hex)));

    [Fact]
    public void Anything_InAnyPieces_IsJudgedTheSame()
    {
        var whole = Encode(UsersHost.Connect("u", "c"));
        Gen.Select(Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Array[0, 3], Gen.Int[1, whole.Length - 1]).Sample(
            (changes, cut) =>
            {
                var bytes = (byte[])whole.Clone();
                foreach (var (at, value) in changes)
                {
                    bytes[at] = value;
                }

                return Judge(bytes) == FirstPacket.Judge(new ReadOnlySequence<byte>(Piece.Two(bytes, cut, out var last), 0, last, last.Memory.Length), Limit, out _);
            },
            iter: 3000);
    }

    private static Destination Judge(byte[] bytes)
    {
        var destination = FirstPacket.Judge(new ReadOnlySequence<byte>(bytes), Limit, out var packet);
        Assert.Equal(destination == Destination.Users, packet is not null);
        return destination;
    }

    private static byte[] Encode(MqttConnectPacket packet, MqttProtocolVersion version = MqttProtocolVersion.V500)
    {
        using var encoder = RawClient.Over(Stream.Null, version);
        return encoder.Encode(packet);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public static Piece Two(byte[] bytes, int cut, out Piece last)
        {
            last = new Piece { Memory = bytes.AsMemory(cut), RunningIndex = cut };
            return new Piece { Memory = bytes.AsMemory(0, cut), Next = last };
        }
    }
}
