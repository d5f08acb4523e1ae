using CsCheck;

namespace Messaging.Tests.Updates.Deltas;

/// <summary>Files, and what becomes of them.</summary>
internal static class Edits
{
    public static readonly Gen<byte[]> File = Gen.OneOf(
        Gen.Byte.Array[0, 4000], Gen.Byte[0, 3].Array[0, 4000], Gen.Const(0).Select(static _ => new byte[3000]));

    /// <summary>A file and the same after some edits: insert, delete, move, repeat, flip, and add to every fourth byte as when a program moves.</summary>
    public static readonly Gen<(byte[] Old, byte[] New)> Pair = Gen.Select(
        File, Gen.Select(Gen.Int[0, 5], Gen.Int[0, 1_000_000], Gen.Int[0, 1_000_000], Gen.Byte.Array[1, 300]).Array[0, 12],
        static (file, edits) => (file, edits.Aggregate(file, static (now, edit) => Apply(now, edit.Item1, edit.Item2, edit.Item3, edit.Item4))));

    private static byte[] Apply(byte[] file, int kind, int first, int second, byte[] bytes)
    {
        var at = first % (file.Length + 1);
        var length = Math.Min(second % 500, file.Length - at);
        var part = file[at..(at + length)];
        byte[] rest = [.. file[..at], .. file[(at + length)..]];
        var to = second % (rest.Length + 1);
        return kind switch
        {
            0 => [.. file[..at], .. bytes, .. file[at..]],
            1 => rest,
            2 => [.. rest[..to], .. part, .. rest[to..]],
            3 => [.. file[..at], .. part, .. part, .. file[at..]],
            4 => [.. file[..at], .. part.Select(one => (byte)(one ^ bytes[0])), .. file[(at + length)..]],
            _ => [.. file.Select((one, i) => i % 4 == first % 4 ? (byte)(one + bytes[0]) : one)],
        };
    }
}
