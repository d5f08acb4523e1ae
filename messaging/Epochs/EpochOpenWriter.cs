using System.Buffers;
using Messaging.Crypto;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.Epochs;

/// <summary>Writes what <see cref="EpochOpenMessage"/> reads.</summary>
internal static class EpochOpenWriter
{
    public static byte[] Payload(
        PrincipalId self, EpochParameters parameters, IReadOnlyList<HpkePublicKey> recipients,
        EpochId epochId, ReadOnlySpan<byte> secret, Func<HpkeKeyPair> ephemeral)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(recipients);
        if (recipients.Count is 0 or > EpochOpenMessage.MaxRecipients
            || HasTwice(recipients))
        {
            throw new ArgumentException("An epoch has 1 to 64 different recipients.", nameof(recipients));
        }

        if ((parameters.PrevEpochId is null) != (parameters.PrevLastSeq is null))
        {
            throw new ArgumentException("The previous epoch and its last sequence numbers come together.", nameof(parameters));
        }

        var fields = Fields(self, parameters, epochId);
        var info = EpochOpenMessage.SealInfo(fields, recipients);
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new CborWriter(buffer);
        writer.WriteArrayHead(11);
        writer.WriteEncoded(fields);
        writer.WriteArrayHead(recipients.Count);
        Span<byte> enc = stackalloc byte[Hpke.EncapsulatedBytes];
        Span<byte> ct = stackalloc byte[EpochOpenMessage.SealedSecretBytes];
        foreach (var recipient in recipients)
        {
            using var once = ephemeral();
            Hpke.SealBase(once, recipient, info, [], secret, enc, ct);
            writer.WriteArrayHead(3);
            writer.WriteKid(recipient.Kid);
            writer.WriteBytes(enc);
            writer.WriteBytes(ct);
        }

        WritePrevious(ref writer, parameters);
        return buffer.WrittenSpan.ToArray();
    }

    private static bool HasTwice(IReadOnlyList<HpkePublicKey> recipients)
    {
        var kids = new HashSet<Kid>();
        foreach (var recipient in recipients)
        {
            if (!kids.Add(recipient.Kid))
            {
                return true;
            }
        }

        return false;
    }

    public static byte[] Frame(PrincipalId self, byte[] signed)
    {
        var frame = new byte[2 + CborWriter.StringSize(PrincipalId.Size) + CborWriter.StringSize(signed.Length)];
        var writer = new CborWriter(frame);
        writer.WriteArrayHead(3);
        writer.WriteUInt64((ulong)FrameKind.EpochOpen);
        writer.WritePrincipalId(self);
        writer.WriteBytes(signed);
        return frame;
    }

    private static byte[] Fields(PrincipalId self, EpochParameters parameters, EpochId epochId) =>
        MessageBuffer.Write((self, parameters, epochId), static (all, ref writer) =>
        {
            writer.WriteUInt64(EpochLabels.Suite);
            writer.WritePrincipalId(all.self);
            writer.WriteEpochId(all.epochId);
            writer.WriteUInt64(all.parameters.EpochNo);
            writer.WriteBootId(all.parameters.BootId);
            writer.WriteUInt64(all.parameters.UptimeMs);
            UnixTime.WriteOrNull(ref writer, all.parameters.ClaimedUnixMs);
            writer.WriteUInt64(all.parameters.NoticeNumber);
        });

    private static void WritePrevious(ref CborWriter writer, EpochParameters parameters)
    {
        if (parameters is not { PrevEpochId: { } prevEpochId, PrevLastSeq: { } prevLastSeq })
        {
            writer.WriteNull();
            writer.WriteNull();
            return;
        }

        writer.WriteEpochId(prevEpochId);
        StreamSeq.WriteList(ref writer, prevLastSeq);
    }
}
