using System.Security.Cryptography;
using Messaging.Crypto;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.Epochs;

/// <summary>
/// The payload of an EpochOpen: [suite, senderId, epochId, epochNo, bootId, uptimeMs, claimedTime | null, noticeNumber,
/// [[kid(8), enc(65), ct(48)]...], prevEpochId | null, prevLastSeq | null]. The spans point into the received bytes.
/// </summary>
internal ref struct EpochOpenMessage
{
    public const int MaxRecipients = 64;
    public const int SealedSecretBytes = EpochLabels.SecretBytes + WireLimits.TagBytes;
    private const int FieldsBeforeRecipients = 8;

    public EpochId EpochId { get; private set; }

    public PrincipalId SenderId { get; private set; }

    public EpochParameters Parameters { get; private set; }

    public Kid[] RecipientKids { get; private set; }

    /// <summary>The encoded array of recipients.</summary>
    public ReadOnlySpan<byte> Recipients { get; private set; }

    /// <summary>The eight encoded fields before the recipients.</summary>
    public ReadOnlySpan<byte> Fields { get; private set; }

    public static bool TryRead(
        ReadOnlySpan<byte> data, IdentityPublicKey sender, PrincipalId expectedSender, out EpochOpenMessage message, out EpochError error)
    {
        message = default;
        if (!Frame.TryRead(data, out var frame) || frame.Kind != FrameKind.EpochOpen || !CoseSign1Reader.TryRead(frame.Body, out var signed))
        {
            error = EpochError.Malformed;
            return false;
        }

        if (!TryReadPayload(signed.Payload, out message, out error))
        {
            return false;
        }

        if (frame.SenderId != expectedSender || message.SenderId != expectedSender)
        {
            error = EpochError.WrongSender;
            return false;
        }

        error = signed.Verify(sender, EpochLabels.Open) ? EpochError.None : EpochError.BadSignature;
        return error == EpochError.None;
    }

    public readonly EpochHeader ToHeader() => new(SenderId, EpochId, Parameters, RecipientKids);

    /// <summary>Finds the sealed secret of one recipient.</summary>
    public readonly void FindRecipient(Kid kid, out ReadOnlySpan<byte> encapsulated, out ReadOnlySpan<byte> sealedSecret)
    {
        encapsulated = default;
        sealedSecret = default;
        var reader = new CborReader(Recipients);
        reader.TryReadArrayHead(out var count);
        for (var i = 0; i < count; i++)
        {
            if (TryReadRecipient(ref reader, out var candidate, out var enc, out var ct) && candidate == kid)
            {
                encapsulated = enc;
                sealedSecret = ct;
            }
        }
    }

    /// <summary>label || SHA-256(array of the fields before the recipients) || SHA-256(the audience's points, sorted and concatenated).</summary>
    public static byte[] SealInfo(ReadOnlySpan<byte> fieldsBeforeRecipients, IEnumerable<HpkePublicKey> audience)
    {
        var info = new byte[EpochLabels.Secret.Length + (2 * WireLimits.HashBytes)];
        EpochLabels.Secret.CopyTo(info);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([0x80 | FieldsBeforeRecipients]);
        hash.AppendData(fieldsBeforeRecipients);
        hash.GetHashAndReset(info.AsSpan(EpochLabels.Secret.Length));
        foreach (var key in audience.OrderBy(static key => key.Point.ToArray(), ByteOrder.Instance))
        {
            hash.AppendData(key.Point);
        }

        hash.GetHashAndReset(info.AsSpan(EpochLabels.Secret.Length + WireLimits.HashBytes));
        return info;
    }

    private static bool TryReadPayload(ReadOnlySpan<byte> payload, out EpochOpenMessage message, out EpochError error)
    {
        message = default;
        error = EpochError.Malformed;
        var reader = new CborReader(payload);
        if (!reader.TryReadArray(11))
        {
            return false;
        }

        var start = reader.Position;
        if (!reader.TryReadUInt64(out var suite))
        {
            return false;
        }

        if (suite != EpochLabels.Suite)
        {
            error = EpochError.UnknownSuite;
            return false;
        }

        if (!reader.TryReadPrincipalId(out var senderId)
            || !reader.TryReadEpochId(out var epochId)
            || !reader.TryReadUInt64(out var epochNo)
            || !reader.TryReadBootId(out var bootId)
            || !reader.TryReadUInt64(out var uptimeMs)
            || !UnixTime.TryReadOrNull(ref reader, out var claimed)
            || !reader.TryReadUInt64(out var noticeNumber))
        {
            return false;
        }

        var end = reader.Position;
        if (!TryReadRecipients(ref reader, out var kids))
        {
            return false;
        }

        var recipientsEnd = reader.Position;
        if (!TryReadPrevious(ref reader, out var prevEpochId, out var prevLastSeq) || !reader.AtEnd)
        {
            return false;
        }

        message.SenderId = senderId;
        message.EpochId = epochId;
        message.Parameters = new EpochParameters(epochNo, bootId, uptimeMs, claimed, noticeNumber, prevEpochId, prevLastSeq);
        message.RecipientKids = kids;
        message.Fields = payload[start..end];
        message.Recipients = payload[end..recipientsEnd];
        error = EpochError.None;
        return true;
    }

    private static bool TryReadRecipients(ref CborReader reader, out Kid[] kids)
    {
        kids = [];
        if (!reader.TryReadArrayHead(out var count, MaxRecipients) || count == 0)
        {
            return false;
        }

        var read = new Kid[count];
        for (var i = 0; i < count; i++)
        {
            if (!TryReadRecipient(ref reader, out var kid, out _, out _) || read.AsSpan(0, i).Contains(kid))
            {
                return false;
            }

            read[i] = kid;
        }

        kids = read;
        return true;
    }

    private static bool TryReadRecipient(scoped ref CborReader reader, out Kid kid, out ReadOnlySpan<byte> enc, out ReadOnlySpan<byte> ct)
    {
        kid = default;
        enc = default;
        ct = default;
        return reader.TryReadArray(3)
            && reader.TryReadKid(out kid)
            && reader.TryReadFixedBytes(Hpke.EncapsulatedBytes, out enc)
            && reader.TryReadFixedBytes(SealedSecretBytes, out ct);
    }

    private static bool TryReadPrevious(ref CborReader reader, out EpochId? prevEpochId, out StreamSeq[]? prevLastSeq)
    {
        prevEpochId = null;
        prevLastSeq = null;
        if (reader.TryReadNull())
        {
            return reader.TryReadNull();
        }

        if (!reader.TryReadEpochId(out var id) || !StreamSeq.TryReadList(ref reader, out var list))
        {
            return false;
        }

        prevEpochId = id;
        prevLastSeq = list;
        return true;
    }
}
