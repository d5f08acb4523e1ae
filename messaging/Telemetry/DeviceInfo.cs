using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Telemetry;

/// <summary>
/// What a device is and allows: [1, [[key, value]...], [[collector, ms]...], [command type...], [script...], [unit...]]. Sent when an
/// epoch opens and when it changes; the newest replaces the one before.
/// </summary>
/// <param name="Facts">"host.name", "os.name", "agent.version", ... At most 128.</param>
/// <param name="Intervals">The collectors with their intervals; 0 for one that is off.</param>
/// <param name="AllowedCommands">The command types that the device's owner allowed. At most 64.</param>
/// <param name="Scripts">The scripts that may be run. At most 256, of at most 128 bytes.</param>
/// <param name="Units">The systemd units that may be restarted. At most 256, of at most 255 bytes.</param>
public sealed record DeviceInfo(
    IReadOnlyList<KeyValuePair<string, string>> Facts,
    IReadOnlyList<KeyValuePair<string, TimeSpan>> Intervals,
    IReadOnlyList<string> AllowedCommands,
    IReadOnlyList<string> Scripts,
    IReadOnlyList<string> Units)
{
    private const int MaxFacts = 128;

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (info, ref writer) =>
    {
        writer.WriteArrayHead(6);
        writer.WriteUInt64(1);
        NamedTexts.Write(ref writer, info.Facts, MaxFacts);
        NamedIntervals.Write(ref writer, info.Intervals);
        TextList.Write(ref writer, info.AllowedCommands, 64, 64);
        TextList.Write(ref writer, info.Scripts, 256, 128);
        TextList.Write(ref writer, info.Units, 256, 255);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out DeviceInfo? info)
    {
        info = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(6)
            || !reader.TryReadExpected(1)
            || !NamedTexts.TryRead(ref reader, MaxFacts, out var facts)
            || !NamedIntervals.TryRead(ref reader, out var intervals)
            || !TextList.TryRead(ref reader, 64, 64, out var commands)
            || !TextList.TryRead(ref reader, 256, 128, out var scripts)
            || !TextList.TryRead(ref reader, 256, 255, out var units)
            || !reader.AtEnd)
        {
            return false;
        }

        info = new DeviceInfo(facts, intervals, commands, scripts, units);
        return true;
    }
}
