using System.Diagnostics.CodeAnalysis;
using Messaging.Crypto;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Enrolment;

/// <summary>
/// The server's answer: sealed to the device's HPKE key, a COSE_Sign1 by the server's identity key over [1, deviceId, requestNonce,
/// status, reason, name, [tag...], [groupId...], trust].
/// </summary>
/// <param name="DeviceId">The device.</param>
/// <param name="RequestNonce">The request's nonce, 16 bytes.</param>
/// <param name="Status">What became of the request.</param>
/// <param name="Reason">Why, for people; empty when approved. At most 512 bytes.</param>
/// <param name="Name">The name that the fleet gave the device; may be empty. At most 256 bytes.</param>
/// <param name="Tags">Its tags: at most 64, of at most 128 bytes.</param>
/// <param name="Groups">Its groups, at most 64.</param>
/// <param name="Trust">The newest <see cref="TrustBundle"/>; it is for the caller to verify.</param>
public sealed record EnrolResponse(
    PrincipalId DeviceId,
    ReadOnlyMemory<byte> RequestNonce,
    EnrolStatus Status,
    string Reason,
    string Name,
    IReadOnlyList<string> Tags,
    IReadOnlyList<PrincipalId> Groups,
    ReadOnlyMemory<byte> Trust)
{
    private const int MaxTags = 64;
    private const int MaxGroups = 64;

    private static ReadOnlySpan<byte> Label => "messaging/1/enrol-response"u8;

    /// <summary>Signs and seals the response.</summary>
    /// <param name="server">The server's identity key.</param>
    /// <param name="device">The device's HPKE key.</param>
    public byte[] Seal(IdentityKey server, HpkePublicKey device) =>
        SealedMessage.Seal(device, Label, CoseSign1Writer.Sign(server, Label, Payload()));

    /// <summary>Opens a response and verifies that the server signed it and that it answers this request of this device.</summary>
    /// <param name="data">The wire form.</param>
    /// <param name="device">The device's HPKE key.</param>
    /// <param name="server">The server's identity key, from a verified roster.</param>
    /// <param name="deviceId">The device.</param>
    /// <param name="requestNonce">The nonce of its request.</param>
    /// <param name="response">The response.</param>
    public static bool TryOpen(
        ReadOnlySpan<byte> data, HpkeKeyPair device, IdentityPublicKey server, PrincipalId deviceId, ReadOnlySpan<byte> requestNonce,
        [NotNullWhen(true)] out EnrolResponse? response)
    {
        response = null;
        if (!SealedMessage.TryOpen(data, [device], Label, out var plaintext, out _)
            || !CoseSign1Reader.TryRead(plaintext, out var message)
            || !message.Verify(server, Label)
            || !TryReadPayload(message.Payload, out var read)
            || read.DeviceId != deviceId
            || !read.RequestNonce.Span.SequenceEqual(requestNonce))
        {
            return false;
        }

        response = read;
        return true;
    }

    internal static bool TryReadPayload(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out EnrolResponse? response)
    {
        response = null;
        var reader = new CborReader(payload);
        if (!reader.TryReadArray(9)
            || !reader.TryReadExpected(1)
            || !reader.TryReadPrincipalId(out var deviceId)
            || !reader.TryReadFixedBytes(EnrolRequest.NonceBytes, out var nonce)
            || !reader.TryReadInt32(out var status, (int)EnrolStatus.Refused)
            || !reader.TryReadText(out var reason, 512)
            || !reader.TryReadText(out var name, 256)
            || !TextList.TryRead(ref reader, MaxTags, 128, out var tags)
            || !TryReadGroups(ref reader, out var groups)
            || !reader.TryReadBytes(out var trust, TrustBundle.MaxBytes)
            || !reader.AtEnd)
        {
            return false;
        }

        response = new EnrolResponse(deviceId, nonce.ToArray(), (EnrolStatus)status, reason, name, tags, groups, trust.ToArray());
        return true;
    }

    internal byte[] Payload() => MessageBuffer.Write(this, static (response, ref writer) =>
    {
        writer.WriteArrayHead(9);
        writer.WriteUInt64(1);
        writer.WritePrincipalId(response.DeviceId);
        writer.WriteBytes(response.RequestNonce.Span);
        writer.WriteUInt64((ulong)response.Status);
        writer.WriteText(response.Reason, 512);
        writer.WriteText(response.Name, 256);
        TextList.Write(ref writer, response.Tags, MaxTags, 128);
        writer.WriteArrayHead(response.Groups.Count, MaxGroups);
        foreach (var group in response.Groups)
        {
            writer.WritePrincipalId(group);
        }

        writer.WriteBytes(response.Trust.Span);
    });

    private static bool TryReadGroups(ref CborReader reader, out PrincipalId[] groups)
    {
        groups = [];
        if (!reader.TryReadArrayHead(out var count, MaxGroups))
        {
            return false;
        }

        var read = new PrincipalId[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadPrincipalId(out read[i]))
            {
                return false;
            }
        }

        groups = read;
        return true;
    }
}
