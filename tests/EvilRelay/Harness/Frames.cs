using Messaging.Wire;

namespace Messaging.EvilRelay.Harness;

/// <summary>What an attacker sees of frames without any key: their public headers.</summary>
internal static class Frames
{
    public static bool IsOpening(byte[] bytes) => Frame.TryRead(bytes, out var frame) && frame.Kind == FrameKind.EpochOpen;

    /// <summary>0 for the opening of an epoch; no record's type for a session.</summary>
    public static uint Type(byte[] bytes) => Frame.TryRead(bytes, out var frame) ? frame.Kind == FrameKind.Session ? uint.MaxValue : frame.RecordType : throw new InvalidDataException("No frame.");

    public static Kid Kid(byte[] bytes) => Frame.TryRead(bytes, out var frame) ? frame.Kid : throw new InvalidDataException("No frame.");

    /// <summary>One bit of each byte changed, one byte at a time.</summary>
    public static IEnumerable<byte[]> Flipped(byte[] bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[i] ^= (byte)(1 << (i % 8));
            yield return flipped;
        }
    }

    /// <summary>Cut off after each byte, and with one byte too many.</summary>
    public static IEnumerable<byte[]> OfOtherLengths(byte[] bytes)
    {
        for (var length = 0; length < bytes.Length; length++)
        {
            yield return bytes[..length];
        }

        yield return [.. bytes, 0];
    }

    /// <summary>The same with another epoch's key id.</summary>
    public static byte[] WithKid(byte[] bytes, Kid other)
    {
        Span<byte> from = stackalloc byte[Messaging.Wire.Kid.Size];
        Kid(bytes).CopyTo(from);
        var changed = (byte[])bytes.Clone();
        other.CopyTo(changed.AsSpan(bytes.AsSpan().IndexOf(from)));
        return changed;
    }
}
