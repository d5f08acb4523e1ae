using System.Security.Cryptography;
using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>A device of a set: [deviceId, null | [bootId, uptimeDeadlineMs]]. Immutable.</summary>
/// <param name="device">The device.</param>
/// <param name="freshness">The boot that the command is bound to on this device, or null.</param>
public sealed class SetMember(PrincipalId device, CommandFreshness? freshness)
{
    /// <summary>The device.</summary>
    public PrincipalId Device { get; } = device;

    /// <summary>The boot that the command is bound to on this device, or null.</summary>
    public CommandFreshness? Freshness { get; } = freshness;

    /// <summary>Reads one in the middle of others.</summary>
    public static bool TryRead(ref CborReader reader, out SetMember? member)
    {
        member = reader.TryReadArray(2) && reader.TryReadPrincipalId(out var device) && CommandFreshness.TryRead(ref reader, out var freshness)
            ? new SetMember(device, freshness)
            : null;
        return member is not null;
    }

    /// <summary>Writes it in the middle of others.</summary>
    public void Write(ref CborWriter writer)
    {
        writer.WriteArrayHead(2);
        writer.WritePrincipalId(Device);
        CommandFreshness.Write(ref writer, Freshness);
    }

    /// <summary>The hash of its leaf: SHA-256(0x00 || wire form) (RFC 9162, section 2.1.1).</summary>
    internal void HashTo(Span<byte> hash)
    {
        Span<byte> leaf = stackalloc byte[MaxBytes];
        leaf[0] = 0;
        var writer = new CborWriter(leaf[1..]);
        Write(ref writer);
        SHA256.HashData(leaf[..(1 + writer.Written)], hash);
    }

    /// <summary>The prefix, two heads, two ids with theirs, and a number.</summary>
    private const int MaxBytes = 1 + 1 + (1 + PrincipalId.Size) + 1 + (1 + BootId.Size) + 9;
}
