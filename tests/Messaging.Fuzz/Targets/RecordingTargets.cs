using Messaging.Crypto;
using Messaging.Recordings;
using Messaging.Sessions;

namespace Messaging.Fuzz.Targets;

/// <summary>A recording that somebody else has made.</summary>
internal sealed class RecordingTarget : IFuzzTarget
{
    public static string Name => "recording";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        var bytes = data.ToArray();
        ReadRecording read = (offset, buffer) =>
        {
            var count = (int)Math.Clamp(bytes.Length - offset, 0, buffer.Length);
            bytes.AsSpan((int)Math.Min(offset, bytes.Length), count).CopyTo(buffer);
            return count;
        };
        using var frames = new RecordingFrames(read);
        while (frames.Next(out _) is RecordingFrame.Head or RecordingFrame.Chunk or RecordingFrame.Final)
        {
            Promise.Holds(frames.Length <= bytes.Length, "No frame is longer than what is there.");
        }

        var verdict = RecordingReader.Begin(read, Samples.DeviceHpke, out var reader);
        using (reader)
        {
            while (verdict == RecordingVerdict.Content)
            {
                verdict = reader.Next(out _);
            }

            Promise.Holds(verdict != RecordingVerdict.Complete || reader.Length == bytes.Length, "What is complete has nothing behind it.");
        }
    }

    public static IEnumerable<byte[]> Seeds()
    {
        using var sealer = RecordingSealer.Begin(
            Samples.Device, new IdentityOrigin(Samples.Device.Public.Point.ToArray(), []), Samples.DeviceId, Samples.Command.Id, 1, [Samples.DeviceHpke.Public]);
        byte[][] frames = [sealer.Head.ToArray(), sealer.Seal("a"u8, false), sealer.Seal([], true)];
        return [frames[0], [.. frames[0], .. frames[1]], [.. frames[0], .. frames[1], .. frames[2]]];
    }
}
