using System.Buffers;
using Messaging.Crypto;
using Messaging.Epochs;
using Messaging.Fuzz;
using Messaging.Streams;
using Messaging.Tests.Support;
using Messaging.Wire;

namespace Messaging.Tests.Epochs;

public sealed class EpochTests
{
    private static readonly HpkeKeyPair[] ServerKeys = [Samples.ServerHpke];

    [Fact]
    public void TryOpen_ForItsRecipient_GivesWhatTheSenderSaid()
    {
        using var sender = Open([Samples.ServerHpke.Public]);

        Assert.True(EpochReceiver.TryOpen(sender.OpenFrame.Span, Samples.Device.Public, Samples.DeviceId, ServerKeys, out var receiver, out var error));

        Assert.Equal(EpochError.None, error);
        Assert.Equal(sender.Id, receiver.Id);
        Assert.Equal(7UL, receiver.EpochNo);
        Assert.Equal(Samples.DeviceId, receiver.SenderId);
        var said = receiver.Header.Parameters;
        Assert.Equal(Samples.EpochParameters with { PrevLastSeq = said.PrevLastSeq }, said);
        Assert.Equal(Samples.EpochParameters.PrevLastSeq, said.PrevLastSeq);
        Assert.Equal([Samples.ServerHpke.Kid], receiver.Header.Recipients);
        receiver.Dispose();
    }

    [Fact]
    public void TryOpen_FirstEpochWithoutClock_HasNulls()
    {
        var parameters = new EpochParameters(1, Samples.Boot(1), 0, null, 0);
        using var sender = EpochSender.Open(Samples.Device, Samples.DeviceId, parameters, [Samples.ServerHpke.Public]);

        Assert.True(EpochHeader.TryRead(sender.OpenFrame.Span, Samples.Device.Public, Samples.DeviceId, out var header, out _));

        Assert.Equal(parameters, header.Parameters);
    }

    [Fact]
    public void TryOpen_EveryBitFlippedAndEveryTruncation_IsRefused()
    {
        using var sender = Open([Samples.ServerHpke.Public]);

        Mutations.AssertNoneAccepted(sender.OpenFrame.ToArray(), static data =>
        {
            var opened = EpochReceiver.TryOpen(data, Samples.Device.Public, Samples.DeviceId, ServerKeys, out var receiver, out _);
            receiver?.Dispose();
            return opened;
        });
    }

    [Fact]
    public void TryOpen_AnotherSenderKeyOrRecipient_NamesTheError()
    {
        using var sender = Open([Samples.ServerHpke.Public]);
        var frame = sender.OpenFrame.Span;

        Assert.Equal(EpochError.BadSignature, Error(frame, Samples.Server.Public, Samples.DeviceId, ServerKeys));
        Assert.Equal(EpochError.WrongSender, Error(frame, Samples.Device.Public, Samples.ServerId, ServerKeys));
        Assert.Equal(EpochError.NotARecipient, Error(frame, Samples.Device.Public, Samples.DeviceId, [Samples.DeviceHpke]));
        Assert.Equal(EpochError.NotARecipient, Error(frame, Samples.Device.Public, Samples.DeviceId, []));
        Assert.Equal(EpochError.Malformed, Error(Samples.Record(), Samples.Device.Public, Samples.DeviceId, ServerKeys));
        Assert.Equal(EpochError.Malformed, Error([], Samples.Device.Public, Samples.DeviceId, ServerKeys));
    }

    [Fact]
    public void TryOpen_SignedWithAnotherLabel_IsRefused()
    {
        using var sender = Open([Samples.ServerHpke.Public]);
        Assert.True(Frame.TryRead(sender.OpenFrame.Span, out var frame));
        Assert.True(CoseSign1Reader.TryRead(frame.Body, out var message));
        var relabelled = CoseSign1Writer.Sign(Samples.Device, "messaging/1/command"u8, message.Payload);

        Assert.Equal(
            EpochError.BadSignature,
            Error(EpochOpenWriter.Frame(Samples.DeviceId, relabelled), Samples.Device.Public, Samples.DeviceId, ServerKeys));
    }

    [Fact]
    public void TryOpen_UnknownSuite_IsNamed()
    {
        using var sender = Open([Samples.ServerHpke.Public]);

        Assert.Equal(EpochError.UnknownSuite, Resigned(sender, static payload => payload[1] = 2));
    }

    [Fact]
    public void TryOpen_AnyFieldChangedAndSignedAgain_TheSecretDoesNotOpen()
    {
        using var sender = Open([Samples.ServerHpke.Public]);

        // The device itself signs another header around the sealed secret: what the recipients agreed on is bound to the old one.
        Assert.Equal(EpochError.NotSealedForThis, Resigned(sender, static payload => payload[2 + 17 + 5] ^= 1));
        Assert.Equal(EpochError.NotSealedForThis, Resigned(sender, static payload => payload[2 + 17 + 17] = 8));
    }

    [Fact]
    public void TryOpen_SeveralRecipients_EachOpensWhenItKnowsTheOthers()
    {
        using var sender = Open([Samples.ServerHpke.Public, Samples.DeviceHpke.Public]);
        var frame = sender.OpenFrame.Span;

        foreach (var (mine, other) in ((HpkeKeyPair, HpkeKeyPair)[])[(Samples.ServerHpke, Samples.DeviceHpke), (Samples.DeviceHpke, Samples.ServerHpke)])
        {
            Assert.Equal(EpochError.UnknownAudience, Error(frame, Samples.Device.Public, Samples.DeviceId, [mine]));
            Assert.True(EpochReceiver.TryOpen(frame, Samples.Device.Public, Samples.DeviceId, [mine], out var receiver, out _, [other.Public]));
            Assert.Equal("hello"u8, OpenRecord(receiver, SealRecord(sender, "hello"u8)));
            receiver.Dispose();
        }
    }

    [Fact]
    public void TryOpen_AFormerKeyOfTheReceiver_StillOpens()
    {
        using var sender = Open([Samples.ServerHpke.Public]);

        Assert.True(EpochReceiver.TryOpen(
            sender.OpenFrame.Span, Samples.Device.Public, Samples.DeviceId, [Samples.DeviceHpke, Samples.ServerHpke], out var receiver, out _));
        receiver.Dispose();
    }

    [Fact]
    public void Open_NoOrTwiceTheSameRecipient_Throws()
    {
        Assert.Throws<ArgumentException>(() => Open([]));
        Assert.Throws<ArgumentException>(() => Open([Samples.ServerHpke.Public, Samples.ServerHpke.Public]));
        Assert.Throws<ArgumentException>(static () => EpochSender.Open(
            Samples.Device, Samples.DeviceId, Samples.EpochParameters with { PrevLastSeq = null }, [Samples.ServerHpke.Public]));
    }

    [Fact]
    public void Open_Twice_HasOtherIdsAndSecrets()
    {
        using var one = Open([Samples.ServerHpke.Public]);
        using var two = Open([Samples.ServerHpke.Public]);

        Assert.NotEqual(one.Id, two.Id);
        Assert.NotEqual(SealRecord(one, "same"u8)[^20..], SealRecord(two, "same"u8)[^20..]);
    }

    private static EpochSender Open(IReadOnlyList<HpkePublicKey> recipients) =>
        EpochSender.Open(Samples.Device, Samples.DeviceId, Samples.EpochParameters, recipients);

    private static EpochError Error(ReadOnlySpan<byte> frame, IdentityPublicKey sender, PrincipalId expected, IReadOnlyList<HpkeKeyPair> mine)
    {
        Assert.False(EpochReceiver.TryOpen(frame, sender, expected, mine, out var receiver, out var error));
        Assert.Null(receiver);
        return error;
    }

    private static EpochError Resigned(EpochSender sender, Action<byte[]> change)
    {
        Assert.True(Frame.TryRead(sender.OpenFrame.Span, out var frame));
        Assert.True(CoseSign1Reader.TryRead(frame.Body, out var message));
        var payload = message.Payload.ToArray();
        change(payload);
        var signed = CoseSign1Writer.Sign(Samples.Device, EpochLabels.Open, payload);
        return Error(EpochOpenWriter.Frame(Samples.DeviceId, signed), Samples.Device.Public, Samples.DeviceId, ServerKeys);
    }

    private static byte[] SealRecord(EpochSender sender, ReadOnlySpan<byte> plaintext)
    {
        var output = new ArrayBufferWriter<byte>();
        sender.Seal(StreamId.Events, RecordType.Event, plaintext, output, out _);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] OpenRecord(EpochReceiver receiver, byte[] data)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(Frame.TryRead(data, out var frame));
        Assert.True(receiver.TryOpen(frame, output, out _));
        return output.WrittenSpan.ToArray();
    }
}
