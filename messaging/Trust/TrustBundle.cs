using System.Diagnostics.CodeAnalysis;
using Messaging.Rosters;
using Messaging.Wire;

namespace Messaging.Trust;

/// <summary>
/// All that a device needs to know whom to trust, as it travels and as it is kept: [1, [root...], roster, notice]. It proves itself:
/// whoever brings it need not be trusted. Nothing in it has been verified; that is for <see cref="FleetTrust"/>.
/// </summary>
/// <param name="Roots">The newest roots, their versions rising by one. 1 to 64.</param>
/// <param name="Roster">The roster under the last of them.</param>
/// <param name="Notice">The notice of a server of that roster.</param>
public sealed record TrustBundle(IReadOnlyList<FleetRoot> Roots, Roster Roster, ServerNotice Notice)
{
    /// <summary>The most roots in a bundle: a device that missed more must be enrolled again.</summary>
    public const int MaxRoots = 64;

    /// <summary>The most bytes that a bundle may have: it travels in one frame.</summary>
    public const int MaxBytes = 240 * 1024;

    /// <summary>The bundle's bytes.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (bundle, ref writer) =>
    {
        writer.WriteArrayHead(4);
        writer.WriteUInt64(1);
        FleetRoot.WriteAll(ref writer, bundle.Roots);
        writer.WriteBytes(bundle.Roster.Bytes.Span);
        writer.WriteBytes(bundle.Notice.Bytes.Span);
    });

    /// <summary>Reads a bundle. False when any part of it is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out TrustBundle? bundle)
    {
        bundle = null;
        var reader = new CborReader(data);
        if (data.Length > MaxBytes
            || !reader.TryReadArray(4)
            || !reader.TryReadExpected(1)
            || !FleetRoot.TryReadAll(ref reader, out var roots)
            || roots.Length == 0
            || !reader.TryReadBytes(out var rosterBytes, Rosters.Roster.MaxBytes)
            || !Rosters.Roster.TryRead(rosterBytes, out var roster)
            || !reader.TryReadBytes(out var noticeBytes, ServerNotice.MaxBytes)
            || !ServerNotice.TryRead(noticeBytes, out var notice)
            || !reader.AtEnd)
        {
            return false;
        }

        bundle = new TrustBundle(roots, roster, notice);
        return true;
    }
}
