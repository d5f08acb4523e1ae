using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Crypto;

/// <summary>Writes COSE_Sign messages in the profile's form: several keys sign one payload.</summary>
public static class CoseSignWriter
{
    /// <summary>Signs a payload with every key: [h'', {}, payload, [[{1: -7} as bytes, {4: kid}, signature]...]].</summary>
    /// <param name="keys">The signers' keys, one to eight, none twice.</param>
    /// <param name="externalAad">The label that says what is signed, for example "messaging/1/roster".</param>
    /// <param name="payload">What is signed.</param>
    public static byte[] Sign(IReadOnlyList<IdentityKey> keys, ReadOnlySpan<byte> externalAad, ReadOnlySpan<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var hash = new byte[WireLimits.HashBytes];
        CoseSign.HashToBeSigned(externalAad, payload, hash);
        var signatures = new List<KeyValuePair<Kid, byte[]>>(keys.Count);
        foreach (var key in keys)
        {
            signatures.Add(new(Kid.OfSigner(key.Public), key.SignHash(hash)));
        }

        return Assemble(payload, signatures);
    }

    /// <summary>
    /// The message with one more signature; a signature of the same key is replaced. So that people sign one after the other, each where
    /// their key is. False when the message is none, or has all the signatures that it may have.
    /// </summary>
    public static bool TryAdd(
        ReadOnlySpan<byte> message, IdentityKey key, ReadOnlySpan<byte> externalAad, [NotNullWhen(true)] out byte[]? larger)
    {
        ArgumentNullException.ThrowIfNull(key);
        larger = null;
        if (!CoseSignReader.TryRead(message, out var read))
        {
            return false;
        }

        var added = Kid.OfSigner(key.Public);
        var signatures = new List<KeyValuePair<Kid, byte[]>>(read.Count + 1);
        var reader = new CborReader(read.EncodedSignatures);
        while (!reader.AtEnd && CoseSignReader.TryReadSignature(ref reader, out var kid, out var signature))
        {
            if (kid != added)
            {
                signatures.Add(new(kid, signature.ToArray()));
            }
        }

        if (signatures.Count >= CoseSign.MaxSignatures)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[WireLimits.HashBytes];
        CoseSign.HashToBeSigned(externalAad, read.Payload, hash);
        signatures.Add(new(added, key.SignHash(hash)));
        larger = Assemble(read.Payload, signatures);
        return true;
    }

    /// <summary>
    /// The signatures of two messages over one payload in one; of two by the same key that of the first. False when one is none, the payloads
    /// differ, or there would be more than a message may have.
    /// </summary>
    public static bool TryMerge(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, [NotNullWhen(true)] out byte[]? merged)
    {
        merged = null;
        if (!CoseSignReader.TryRead(first, out var one) || !CoseSignReader.TryRead(second, out var other) || !one.Payload.SequenceEqual(other.Payload))
        {
            return false;
        }

        var signatures = new List<KeyValuePair<Kid, byte[]>>(one.Count + other.Count);
        Collect(one, signatures);
        Collect(other, signatures);
        if (signatures.Count > CoseSign.MaxSignatures)
        {
            return false;
        }

        merged = Assemble(one.Payload, signatures);
        return true;
    }

    private static void Collect(in CoseSign message, List<KeyValuePair<Kid, byte[]>> signatures)
    {
        var reader = new CborReader(message.EncodedSignatures);
        while (!reader.AtEnd && CoseSignReader.TryReadSignature(ref reader, out var kid, out var signature))
        {
            if (!signatures.Exists(known => known.Key == kid))
            {
                signatures.Add(new(kid, signature.ToArray()));
            }
        }
    }

    /// <summary>Whether a key is there twice, in a list that is sorted by keys.</summary>
    private static bool HasTwice(List<KeyValuePair<Kid, byte[]>> signatures)
    {
        for (var i = 1; i < signatures.Count; i++)
        {
            if (signatures[i].Key == signatures[i - 1].Key)
            {
                return true;
            }
        }

        return false;
    }

    /// <exception cref="ArgumentException">There are no signatures, more than eight, or two of one key.</exception>
    internal static byte[] Assemble(ReadOnlySpan<byte> payload, List<KeyValuePair<Kid, byte[]>> signatures)
    {
        signatures.Sort(static (left, right) => left.Key.Value.CompareTo(right.Key.Value));
        if (signatures.Count is 0 or > CoseSign.MaxSignatures || HasTwice(signatures))
        {
            throw new ArgumentException($"A message has 1 to {CoseSign.MaxSignatures} signatures, each of another key.", nameof(signatures));
        }

        var header = CoseSign1Reader.ProtectedHeader;
        var one = 1 + CborWriter.StringSize(header.Length) + 2 + CborWriter.StringSize(Kid.Size) + CborWriter.StringSize(WireLimits.SignatureBytes);
        var message = new byte[2 + CborWriter.StringSize(0) + CborWriter.StringSize(payload.Length) + CborWriter.HeadSize((ulong)signatures.Count) + (one * signatures.Count)];
        var writer = new CborWriter(message);
        writer.WriteArrayHead(4);
        writer.WriteBytes([]);
        writer.WriteMapHead(0);
        writer.WriteBytes(payload);
        writer.WriteArrayHead(signatures.Count);
        foreach (var (kid, signature) in signatures)
        {
            writer.WriteArrayHead(3);
            writer.WriteBytes(header);
            writer.WriteMapHead(1);
            writer.WriteUInt64(CoseSignReader.KidLabel);
            writer.WriteKid(kid);
            writer.WriteBytes(signature);
        }

        return message;
    }
}
