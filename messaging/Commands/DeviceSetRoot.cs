using System.Security.Cryptography;
using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>Names a set of devices: the root of their Merkle tree (RFC 9162, section 2.1) and how many they are. Immutable.</summary>
public sealed class DeviceSetRoot : IEquatable<DeviceSetRoot>
{
    /// <summary>The most devices of a set.</summary>
    public const int MaxSize = 1 << MaxProof;

    /// <summary>The most hashes that prove that a device is in a set.</summary>
    public const int MaxProof = 20;

    private readonly byte[] _hash;

    /// <param name="hash">32 bytes.</param>
    /// <param name="size">1 to <see cref="MaxSize"/>.</param>
    public DeviceSetRoot(ReadOnlySpan<byte> hash, int size)
    {
        if (hash.Length != WireLimits.HashBytes)
        {
            throw new ArgumentException("A root has 32 bytes.", nameof(hash));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaxSize);
        _hash = hash.ToArray();
        Size = size;
    }

    /// <summary>32 bytes.</summary>
    public ReadOnlySpan<byte> Hash => _hash;

    /// <summary>How many devices there are.</summary>
    public int Size { get; }

    /// <summary>True when the member is in the set, at its place: the check of RFC 9162, section 2.1.3.2.</summary>
    /// <param name="member">Who may be in it.</param>
    /// <param name="index">Its place, from 0.</param>
    /// <param name="proof">The hashes on the way to the root, 32 bytes each, from the leaf on.</param>
    public bool Contains(SetMember member, int index, ReadOnlySpan<byte> proof)
    {
        ArgumentNullException.ThrowIfNull(member);
        if (index < 0 || index >= Size || proof.Length % WireLimits.HashBytes != 0 || proof.Length > MaxProof * WireLimits.HashBytes)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[WireLimits.HashBytes];
        member.HashTo(hash);
        var at = (uint)index;
        var last = (uint)(Size - 1);
        for (; !proof.IsEmpty; proof = proof[WireLimits.HashBytes..])
        {
            if (last == 0)
            {
                return false;
            }

            var sibling = proof[..WireLimits.HashBytes];
            if ((at & 1) == 1 || at == last)
            {
                DeviceSet.HashNode(sibling, hash, hash);
                while ((at & 1) == 0 && at != 0)
                {
                    at >>= 1;
                    last >>= 1;
                }
            }
            else
            {
                DeviceSet.HashNode(hash, sibling, hash);
            }

            at >>= 1;
            last >>= 1;
        }

        return last == 0 && CryptographicOperations.FixedTimeEquals(hash, _hash);
    }

    /// <inheritdoc/>
    public bool Equals(DeviceSetRoot? other) => other is not null && Size == other.Size && Hash.SequenceEqual(other.Hash);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DeviceSetRoot);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Size, _hash[0], _hash[1], _hash[2]);

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(_hash);
}
