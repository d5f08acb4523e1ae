using Messaging.Wire;

namespace Messaging.Telemetry;

/// <summary>A moment of a boot: what times of that boot are measured from.</summary>
/// <param name="BootId">The boot.</param>
/// <param name="WallUnixMs">The device's wall clock at <paramref name="MonoMs"/>, in Unix milliseconds; null if it has none that it would believe.</param>
/// <param name="MonoMs">Milliseconds since the boot, suspended time included.</param>
public readonly record struct BootTime(BootId BootId, long? WallUnixMs, long MonoMs)
{
    internal static void Write(ref CborWriter writer, BootTime time)
    {
        writer.WriteBootId(time.BootId);
        UnixTime.WriteOrNull(ref writer, time.WallUnixMs);
        UnixTime.Write(ref writer, time.MonoMs);
    }

    internal static bool TryRead(ref CborReader reader, out BootTime time)
    {
        time = default;
        if (!reader.TryReadBootId(out var boot) || !UnixTime.TryReadOrNull(ref reader, out var wall) || !UnixTime.TryRead(ref reader, out var mono))
        {
            return false;
        }

        time = new BootTime(boot, wall, mono);
        return true;
    }
}
