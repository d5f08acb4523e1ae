using System.Security.Cryptography;
using Messaging.Updates.Deltas;

namespace Messaging.Fuzz.Targets;

/// <summary>A delta that somebody else has made.</summary>
internal sealed class DeltaTarget : IFuzzTarget
{
    private const int MostBytes = 2000;
    private static readonly byte[] Old = SHA512.HashData("old"u8);

    public static string Name => "delta";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        using var output = new MemoryStream();
        try
        {
            // Everything is in memory, and so nothing is waited for.
            var result = DeltaApplier.ApplyAsync(new Bytes(Old), new MemoryStream(data.ToArray()), output, new DeltaLimits(MostBytes)).GetAwaiter().GetResult();
            Promise.SameBytes(data.Slice(DeltaHeader.Bytes - SHA256.HashSizeInBytes, SHA256.HashSizeInBytes), result.Sha256.Span);
            Promise.SameBytes(SHA256.HashData(output.ToArray()), result.Sha256.Span);
        }
        catch (DeltaException e)
        {
            Promise.Holds(Enum.IsDefined(e.Failure), "A refusal has a name.");
        }

        Promise.Holds(output.Length <= MostBytes, "No delta makes more than is allowed.");
    }

    public static IEnumerable<byte[]> Seeds()
    {
        yield return Make([]);
        yield return Make([.. Old]);
        yield return Make([.. Old.AsSpan(20), .. "something else"u8, .. Old.Select(static (one, i) => (byte)(i % 4 == 0 ? one + 3 : one)), .. Old]);
    }

    private static byte[] Make(byte[] news)
    {
        using var delta = new MemoryStream();
        DeltaWriter.WriteAsync(new Bytes(Old), new Bytes(news), delta, null, CancellationToken.None).GetAwaiter().GetResult();
        return delta.ToArray();
    }

    private sealed class Bytes(byte[] bytes) : IOldFile
    {
        public long Length => bytes.Length;

        public void Read(long offset, Span<byte> buffer) => bytes.AsSpan((int)offset, buffer.Length).CopyTo(buffer);
    }
}
