using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Trust;

/// <summary>
/// Keys of which some must sign together, as a role of TUF's root metadata has them (TUF 1.0, section 4.3): [threshold, [point...]].
/// Immutable.
/// </summary>
public sealed class KeyRole
{
    /// <summary>The most keys of a role.</summary>
    public const int MaxKeys = CoseSign.MaxSignatures;

    /// <summary>Takes the keys in any order.</summary>
    /// <param name="threshold">How many of them must sign: 1 to their number.</param>
    /// <param name="keys">1 to 8 keys, none twice.</param>
    /// <exception cref="ArgumentException">It could never be fulfilled, or is none.</exception>
    public KeyRole(int threshold, params IReadOnlyList<IdentityPublicKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        Threshold = threshold;
        List<IdentityPublicKey> sorted = [.. keys];
        sorted.Sort(static (one, other) => Kid.OfSigner(one).Value.CompareTo(Kid.OfSigner(other).Value));
        Keys = sorted;
        if (!IsSound(threshold, Keys))
        {
            throw new ArgumentException($"A role has 1 to {MaxKeys} keys, none twice, and needs at least one and at most all of them.", nameof(keys));
        }
    }

    private KeyRole(int threshold, IdentityPublicKey[] keys)
    {
        Threshold = threshold;
        Keys = keys;
    }

    /// <summary>How many of the keys must sign.</summary>
    public int Threshold { get; }

    /// <summary>The keys, by the ids of signers (<see cref="Kid.OfSigner"/>) ascending.</summary>
    public IReadOnlyList<IdentityPublicKey> Keys { get; }

    /// <summary>True when as many of the keys as must have signed the message under the label.</summary>
    public bool IsFulfilledBy(in CoseSign message, ReadOnlySpan<byte> externalAad)
    {
        var signed = 0;
        foreach (var key in Keys)
        {
            if (message.IsSignedBy(key, externalAad) && ++signed == Threshold)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same keys and the same threshold.</summary>
    public bool IsSame(KeyRole other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Threshold == other.Threshold && Keys.SequenceEqual(other.Keys);
    }

    internal static bool TryRead(ref CborReader reader, [NotNullWhen(true)] out KeyRole? role)
    {
        role = null;
        if (!reader.TryReadArray(2) || !reader.TryReadInt32(out var threshold, MaxKeys) || !reader.TryReadArrayHead(out var count, MaxKeys))
        {
            return false;
        }

        var keys = new IdentityPublicKey[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadFixedBytes(WireLimits.PointBytes, out var point) || !IdentityPublicKey.TryImport(point, out var key))
            {
                return false;
            }

            keys[i] = key;
        }

        role = IsSound(threshold, keys) ? new KeyRole(threshold, keys) : null;
        return role is not null;
    }

    internal void Write(ref CborWriter writer)
    {
        writer.WriteArrayHead(2);
        writer.WriteUInt64((ulong)Threshold);
        writer.WriteArrayHead(Keys.Count);
        foreach (var key in Keys)
        {
            writer.WriteBytes(key.Point);
        }
    }

    private static bool IsSound(int threshold, IReadOnlyList<IdentityPublicKey> keys)
    {
        for (var i = 1; i < keys.Count; i++)
        {
            if (Kid.OfSigner(keys[i]).Value <= Kid.OfSigner(keys[i - 1]).Value)
            {
                return false;
            }
        }

        return threshold >= 1 && threshold <= keys.Count && keys.Count <= MaxKeys;
    }
}
