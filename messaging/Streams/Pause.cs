using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Streams;

/// <summary>
/// "Keep metrics and logs back for a while": [1, bootId, untilUptimeMs, cause]. Bound to one boot and an uptime, so that it needs no clock and
/// ends by itself, however long it was on its way.
/// </summary>
/// <param name="BootId">The boot in which it holds.</param>
/// <param name="UntilUptimeMs">Until when, in milliseconds since that boot; 0, or a time that has passed, ends a pause.</param>
/// <param name="Cause">Why.</param>
public sealed record Pause(BootId BootId, ulong UntilUptimeMs, PauseCause Cause)
{
    /// <summary>No device keeps anything back for longer than this from when it hears of it.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (pause, ref writer) =>
    {
        writer.WriteArrayHead(4);
        writer.WriteUInt64(1);
        writer.WriteBootId(pause.BootId);
        writer.WriteUInt64(pause.UntilUptimeMs);
        writer.WriteUInt64((ulong)pause.Cause);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out Pause? pause)
    {
        var reader = new CborReader(data);
        pause = reader.TryReadArray(4)
            && reader.TryReadExpected(1)
            && reader.TryReadBootId(out var boot)
            && reader.TryReadUInt64(out var until)
            && reader.TryReadUInt64(out var cause, (ulong)PauseCause.Operator)
            && reader.AtEnd
            ? new Pause(boot, until, (PauseCause)cause)
            : null;
        return pause is not null;
    }
}
