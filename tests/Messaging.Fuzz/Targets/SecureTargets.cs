using System.Buffers;
using System.Text;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Enrolment;
using Messaging.Epochs;
using Messaging.Wire;

namespace Messaging.Fuzz.Targets;

internal sealed class EpochOpenTarget : IFuzzTarget
{
    public static string Name => "epoch-open";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        var header = EpochHeader.TryRead(data, Samples.Device.Public, Samples.DeviceId, out _, out var headerError);
        var opened = EpochReceiver.TryOpen(data, Samples.Device.Public, Samples.DeviceId, [Samples.ServerHpke], out var epoch, out var error);
        epoch?.Dispose();
        Promise.Holds(opened == (error == EpochError.None), "An error and only an error is refused.");
        Promise.Holds(header == (headerError == EpochError.None), "An error and only an error is refused.");

        // Nobody but the device can sign: what verifies carries a payload that it signed.
        Promise.Holds(!opened || epoch!.Id == Samples.Sender.Id, "Only the signed opening is accepted.");
    }

    public static IEnumerable<byte[]> Seeds() => [Samples.Sender.OpenFrame.ToArray()];
}

internal sealed class RecordTarget : IFuzzTarget
{
    private static readonly EpochReceiver Receiver =
        EpochReceiver.TryOpen(Samples.Sender.OpenFrame.Span, Samples.Device.Public, Samples.DeviceId, [Samples.ServerHpke], out var epoch, out _)
            ? epoch
            : throw new InvalidOperationException("The sample epoch does not open.");

    public static string Name => "record";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (!Frame.TryRead(data, out var frame))
        {
            return;
        }

        var plaintext = new ArrayBufferWriter<byte>();
        if (Receiver.TryOpen(frame, plaintext, out var error))
        {
            Promise.Holds(plaintext.WrittenSpan.SequenceEqual("plaintext"u8), "Only sealed plaintext comes out.");
        }
        else
        {
            Promise.Holds(error != RecordError.None && plaintext.WrittenCount == 0, "A refused record writes nothing.");
        }
    }

    public static IEnumerable<byte[]> Seeds() => [Samples.Record()];
}

internal sealed class SealedMessageTarget : IFuzzTarget
{
    public static string Name => "sealed-message";

    public static void Fuzz(ReadOnlySpan<byte> data) => SealedMessage.TryOpen(data, [Samples.ServerHpke], "label"u8, out _, out _);

    public static IEnumerable<byte[]> Seeds() => [SealedMessage.Seal(Samples.ServerHpke.Public, "label"u8, "plaintext"u8)];
}

internal sealed class CommandTarget : IFuzzTarget
{
    public static string Name => "command";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (Command.TryParse(data, out var command))
        {
            var alone = CoseSign1Reader.TryRead(data, out var message);
            Promise.Holds(CoseSignReader.TryRead(data, out var joint) != alone, "A command is a COSE_Sign1 or a COSE_Sign.");
            Promise.SameBytes(alone ? message.Payload : joint.Payload, Command.Payload(command.Content));
            Promise.Holds(command.Signatures == command.SignerKids().Length, "Each signature has a kid.");
            command.Verify(Samples.Server.Public);
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        Command.Sign(Samples.Server, Samples.Command).Bytes.ToArray(),
        Command.SignJointly(Samples.Command, Samples.Server, Samples.Device).Bytes.ToArray(),
    ];
}

internal sealed class CommandDeliveryTarget : IFuzzTarget
{
    private static readonly DeviceSet Set = new([new(Samples.DeviceId, new CommandFreshness(Samples.Boot(3), 9)), new(Samples.ServerId, null)]);

    public static string Name => "command-delivery";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (CommandDelivery.TryParse(data, out var delivery))
        {
            Promise.SameBytes(data, delivery.Bytes.Span);
            delivery.IsFor(Samples.DeviceId);
        }
    }

    public static IEnumerable<byte[]> Seeds() => [CommandDelivery.Of(Signed(), Set, 0).Bytes.ToArray(), CommandDelivery.Of(Signed(), Set, 1).Bytes.ToArray()];

    public static Command Signed() =>
        Command.Sign(Samples.Server, Samples.Command with { Target = Messaging.Commands.CommandTarget.Of(Set.Root, 3), Freshness = null });

    public static DeviceSet Members() => Set;
}

internal sealed class CommandOrderTarget : IFuzzTarget
{
    public static string Name => "command-order";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (CommandOrder.TryDecode(data, out var order))
        {
            Promise.SameBytes(data, order.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        CommandOrder.Of(CommandDeliveryTarget.Signed(), CommandDeliveryTarget.Members()).Encode(),
        CommandOrder.Of(Command.Sign(Samples.Server, Samples.Command), null).Encode(),
    ];
}

internal sealed class EnrolmentTokenTarget : IFuzzTarget
{
    public static string Name => "enrolment-token";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        var text = Encoding.Latin1.GetString(data);
        if (EnrolmentToken.TryParse(text, out var token))
        {
            Promise.Holds(token.Format() == text.Trim(), "A token has one text.");
        }
    }

    public static IEnumerable<byte[]> Seeds() => [Encoding.ASCII.GetBytes(Samples.Token.Format())];
}

internal sealed class EnrolRequestTarget : IFuzzTarget
{
    public static string Name => "enrol-request";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        EnrolRequest.TryReadPayload(data, out _);
        EnrolRequest.TryOpen(data, [Samples.ServerHpke], out _);
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        EnrolRequest.Seal(Samples.Token, Samples.Device, Samples.DeviceHpke.Public, Samples.ServerHpke.Public, Samples.Pairs, Samples.Bytes(16, 1)),
        EnrolRequest.Payload(Samples.Token, Samples.Device.Public, Samples.DeviceHpke.Public, Samples.Pairs, Samples.Bytes(16, 1)),
    ];
}

internal sealed class EnrolResponseTarget : IFuzzTarget
{
    private static readonly byte[] Nonce = Samples.Bytes(16, 1);

    public static string Name => "enrol-response";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (EnrolResponse.TryReadPayload(data, out var response))
        {
            Promise.SameBytes(data, response.Payload());
        }

        EnrolResponse.TryOpen(data, Samples.DeviceHpke, Samples.Server.Public, Samples.DeviceId, Nonce, out _);
    }

    public static IEnumerable<byte[]> Seeds()
    {
        var response = new EnrolResponse(
            Samples.DeviceId, Nonce, EnrolStatus.Approved, "", "pi-7", ["kitchen"], [Samples.ServerId], Samples.Trust.Encode());
        return [response.Payload(), response.Seal(Samples.Server, Samples.DeviceHpke.Public)];
    }
}

internal sealed class KeyUpdateTarget : IFuzzTarget
{
    public static string Name => "key-update";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        KeyUpdate.TryReadPayload(data, Samples.DeviceId, out _);
        KeyUpdate.TryVerify(data, Samples.Device.Public, Samples.DeviceId, out _);
    }

    public static IEnumerable<byte[]> Seeds()
    {
        var signed = KeyUpdate.Sign(Samples.Device, Samples.DeviceId, 2, Samples.DeviceHpke.Public, Samples.Server);
        return CoseSign1Reader.TryRead(signed, out var message) ? [signed, message.Payload.ToArray()] : [signed];
    }
}

internal sealed class KeyUpdateReceiptTarget : IFuzzTarget
{
    public static string Name => "key-update-receipt";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (KeyUpdateReceipt.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() => [new KeyUpdateReceipt(2, false, "old number").Encode()];
}
