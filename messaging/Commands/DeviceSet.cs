using System.Security.Cryptography;
using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>
/// The devices that one signature addresses, and the Merkle tree over them (RFC 9162, section 2.1): its root is what is signed, and each
/// device gets the hashes that lead from it to the root. Immutable.
/// </summary>
public sealed class DeviceSet
{
    private readonly SetMember[] _members;

    /// <summary>Leaves first; each level has half as many nodes as the one below, rounded up: who has no neighbour goes up as it is.</summary>
    private readonly byte[][] _levels;

    /// <summary>Takes the members in any order.</summary>
    /// <param name="members">1 to <see cref="DeviceSetRoot.MaxSize"/>, no device twice.</param>
    /// <exception cref="ArgumentException">None, too many, or a device twice.</exception>
    public DeviceSet(IEnumerable<SetMember> members)
    {
        _members = [.. members];
        Array.Sort(_members, static (left, right) => left.Device.CompareTo(right.Device));
        if (_members.Length is 0 or > DeviceSetRoot.MaxSize)
        {
            throw new ArgumentException($"A set has 1 to {DeviceSetRoot.MaxSize} devices.", nameof(members));
        }

        for (var i = 1; i < _members.Length; i++)
        {
            if (_members[i].Device == _members[i - 1].Device)
            {
                throw new ArgumentException($"Device {_members[i].Device} is there twice.", nameof(members));
            }
        }

        _levels = Build(_members);
        Root = new DeviceSetRoot(_levels[^1], _members.Length);
    }

    /// <summary>By device id, ascending.</summary>
    public IReadOnlyList<SetMember> Members => _members;

    /// <summary>What names the set.</summary>
    public DeviceSetRoot Root { get; }

    /// <summary>The place of a device; negative when it is not in the set.</summary>
    public int IndexOf(PrincipalId device)
    {
        int low = 0, high = _members.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = _members[middle].Device.CompareTo(device);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    /// <summary>The hashes that prove that a member is in the set, 32 bytes each, from the leaf on.</summary>
    public byte[] Proof(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _members.Length);
        var proof = new byte[_levels.Length * WireLimits.HashBytes];
        var length = 0;
        foreach (var level in _levels)
        {
            var sibling = (index ^ 1) * WireLimits.HashBytes;
            if (sibling < level.Length)
            {
                level.AsSpan(sibling, WireLimits.HashBytes).CopyTo(proof.AsSpan(length));
                length += WireLimits.HashBytes;
            }

            index >>= 1;
        }

        return proof[..length];
    }

    /// <summary>SHA-256(0x01 || left || right). The result may go where one of them is.</summary>
    internal static void HashNode(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> hash)
    {
        Span<byte> node = stackalloc byte[1 + (2 * WireLimits.HashBytes)];
        node[0] = 1;
        left.CopyTo(node[1..]);
        right.CopyTo(node[(1 + WireLimits.HashBytes)..]);
        SHA256.HashData(node, hash);
    }

    private static byte[][] Build(SetMember[] members)
    {
        var levels = new List<byte[]>();
        var level = new byte[members.Length * WireLimits.HashBytes];
        for (var i = 0; i < members.Length; i++)
        {
            members[i].HashTo(level.AsSpan(i * WireLimits.HashBytes, WireLimits.HashBytes));
        }

        levels.Add(level);
        for (var count = members.Length; count > 1; count = (count + 1) / 2)
        {
            var next = new byte[(count + 1) / 2 * WireLimits.HashBytes];
            for (var i = 0; i < count; i += 2)
            {
                var left = level.AsSpan(i * WireLimits.HashBytes, WireLimits.HashBytes);
                var parent = next.AsSpan(i / 2 * WireLimits.HashBytes, WireLimits.HashBytes);
                if (i + 1 == count)
                {
                    left.CopyTo(parent);
                }
                else
                {
                    HashNode(left, level.AsSpan((i + 1) * WireLimits.HashBytes, WireLimits.HashBytes), parent);
                }
            }

            levels.Add(level = next);
        }

        return [.. levels];
    }
}
