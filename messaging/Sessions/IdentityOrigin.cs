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

    internal static bool TryReadCurrent(ref CborReader reader, PrincipalId device, [NotNullWhen(true)] out IdentityPublicKey? key)
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
