using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Crypto;

/// <summary>One message sealed to one key, outside any epoch: [1, kid(8), enc(65), ciphertext]. HPKE base mode, empty aad.</summary>
public static class SealedMessage
{
    /// <summary>The most bytes that a sealed message may have.</summary>
    public const int MaxBytes = WireLimits.MaxFrameBytes;

    /// <summary>Seals <paramref name="plaintext"/> to <paramref name="recipient"/>.</summary>
    /// <param name="recipient">Who can open it.</param>
    /// <param name="info">The label that says what it is, for example "messaging/1/enrol-request".</param>
    /// <param name="plaintext">What to seal.</param>
    public static byte[] Seal(HpkePublicKey recipient, ReadOnlySpan<byte> info, ReadOnlySpan<byte> plaintext)
    {
        using var ephemeral = HpkeKeyPair.Generate();
        return Seal(ephemeral, recipient, info, plaintext);
    }

    /// <summary>Opens a message that was sealed to one of <paramref name="recipients"/>.</summary>
    /// <param name="data">The wire form.</param>
    /// <param name="recipients">The keys that may open it.</param>
    /// <param name="info">As given by the sender.</param>
    /// <param name="plaintext">What was sealed.</param>
    /// <param name="openedWith">The key that opened it.</param>
    public static bool TryOpen(
        ReadOnlySpan<byte> data, IReadOnlyList<HpkeKeyPair> recipients, ReadOnlySpan<byte> info,
        [NotNullWhen(true)] out byte[]? plaintext, [NotNullWhen(true)] out HpkeKeyPair? openedWith)
    {
        ArgumentNullException.ThrowIfNull(recipients);
        plaintext = null;
        openedWith = null;
        var reader = new CborReader(data);
        if (data.Length > MaxBytes
            || !reader.TryReadArray(4)
            || !reader.TryReadExpected(1)
            || !reader.TryReadKid(out var kid)
            || !reader.TryReadFixedBytes(Hpke.EncapsulatedBytes, out var enc)
            || !reader.TryReadBytes(out var ciphertext)
            || ciphertext.Length < WireLimits.TagBytes
            || !reader.AtEnd)
        {
            return false;
        }

        var buffer = new byte[ciphertext.Length - WireLimits.TagBytes];
        foreach (var recipient in recipients)
        {
            if (recipient.Kid == kid && Hpke.TryOpenBase(recipient, enc, info, [], ciphertext, buffer))
            {
                plaintext = buffer;
                openedWith = recipient;
                return true;
            }
        }

        return false;
    }

    internal static byte[] Seal(HpkeKeyPair ephemeral, HpkePublicKey recipient, ReadOnlySpan<byte> info, ReadOnlySpan<byte> plaintext)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        var length = plaintext.Length + WireLimits.TagBytes;
        var message = new byte[2 + CborWriter.StringSize(Kid.Size) + CborWriter.StringSize(Hpke.EncapsulatedBytes) + CborWriter.StringSize(length)];
        var writer = new CborWriter(message);
        writer.WriteArrayHead(4);
        writer.WriteUInt64(1);
        writer.WriteKid(recipient.Kid);
        var enc = writer.WriteBytesInPlace(Hpke.EncapsulatedBytes);
        var ciphertext = writer.WriteBytesInPlace(length);
        Hpke.SealBase(ephemeral, recipient, info, [], plaintext, enc, ciphertext);
        return message;
    }
}
