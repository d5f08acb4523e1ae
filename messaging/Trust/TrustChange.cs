using System.Diagnostics.CodeAnalysis;
using Messaging.Rosters;
using Messaging.Wire;

namespace Messaging.Trust;

/// <summary>
/// What owners hand to a server, which adds its notice: [1, [root...], roster]. The first root follows the one that the server has; without
/// roots the roster is under that one.
/// </summary>
/// <param name="Roots">New roots, their versions rising by one. At most 64.</param>
/// <param name="Roster">The roster under the last of them.</param>
public sealed record TrustChange(IReadOnlyList<FleetRoot> Roots, Roster Roster)
{
    /// <summary>The most bytes that a change may have.</summary>
    public const int MaxBytes = TrustBundle.MaxBytes;

    /// <summary>The change's bytes.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (change, ref writer) =>
    {
        writer.WriteArrayHead(3);
        writer.WriteUInt64(1);
        FleetRoot.WriteAll(ref writer, change.Roots);
        writer.WriteBytes(change.Roster.Bytes.Span);
    });

    /// <summary>Reads a change. False when any part of it is malformed; who signed it is not looked at.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out TrustChange? change)
    {
        change = null;
        var reader = new CborReader(data);
        if (data.Length > MaxBytes
            || !reader.TryReadArray(3)
            || !reader.TryReadExpected(1)
            || !FleetRoot.TryReadAll(ref reader, out var roots)
            || !reader.TryReadBytes(out var bytes, Rosters.Roster.MaxBytes)
            || !Rosters.Roster.TryRead(bytes, out var roster)
            || !reader.AtEnd)
        {
            return false;
        }

        change = new TrustChange(roots, roster);
        return true;
    }
}
