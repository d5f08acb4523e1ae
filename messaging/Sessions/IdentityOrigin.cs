using System.Diagnostics.CodeAnalysis;
using Messaging.Enrolment;
using Messaging.Wire;

namespace Messaging.Sessions;

/// <summary>How a device's identity key follows from the first one, which its id is derived from: each key signed the next.</summary>
/// <param name="first">The first identity point, 65 bytes.</param>
/// <param name="updates">Key updates (COSE_Sign1) with a new identity key, the oldest first.</param>
public sealed class IdentityOrigin(ReadOnlyMemory<byte> first, IReadOnlyList<byte[]> updates)
{
    /// <summary>The most changes of the identity key.</summary>
    public const int MaxUpdates = 64;

    /// <summary>The first identity point.</summary>
    public ReadOnlyMemory<byte> First { get; } = first;

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<byte[]> Updates { get; } = updates;

    /// <summary>What the device signed, and how its key follows from the first: [bstr .cbor cose-sign1, first, [update...]].</summary>
    internal byte[] Attach(byte[] signed) => MessageBuffer.Write((signed, origin: this), static (all, ref writer) =>
    {
        writer.WriteArrayHead(3);
        writer.WriteBytes(all.signed);
        writer.WriteBytes(all.origin.First.Span);
        writer.WriteArrayHead(all.origin.Updates.Count, MaxUpdates);
        foreach (var update in all.origin.Updates)
        {
            writer.WriteBytes(update);
        }
    });

    /// <summary>Reads what <see cref="Attach"/> writes, and verifies that the device signed it.</summary>
    internal static bool TryReadSigned(ReadOnlySpan<byte> data, PrincipalId device, ReadOnlySpan<byte> label, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(3)
            || !reader.TryReadBytes(out var signed)
            || !CoseSign1Reader.TryRead(signed, out var message)
            || !TryReadCurrent(ref reader, device, out var key)
            || !reader.AtEnd
            || !message.Verify(key, label))
        {
            return false;
        }

        payload = message.Payload;
        return true;
    }

    private static bool TryReadCurrent(ref CborReader reader, PrincipalId device, [NotNullWhen(true)] out IdentityPublicKey? key)
    {
        key = null;
        if (!reader.TryReadFixedBytes(WireLimits.PointBytes, out var first)
            || !IdentityPublicKey.TryImport(first, out var current)
            || PrincipalId.FromIdentityKey(current) != device
            || !reader.TryReadArrayHead(out var count, MaxUpdates))
        {
            return false;
        }

        ulong last = 0;
        for (; count > 0; count--)
        {
            if (!reader.TryReadBytes(out var bytes)
                || !KeyUpdate.TryVerify(bytes, current, device, out var update)
                || update.Identity is not { } next
                || update.KeyNo <= last)
            {
                return false;
            }

            (current, last) = (next, update.KeyNo);
        }

        key = current;
        return true;
    }
}
