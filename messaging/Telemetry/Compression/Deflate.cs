using System.Buffers;
using System.IO.Compression;

namespace Messaging.Telemetry.Compression;

/// <summary>DEFLATE without a header (RFC 1951): in the standard library of every language that is to read it, and small on a device.</summary>
internal static class Deflate
{
    /// <returns>Bytes written, or -1 when they do not fit.</returns>
    public static int Compress(ReadOnlySpan<byte> content, Span<byte> output)
    {
        using var sink = new DeflateSink(output.Length);
        using (var stream = new DeflateStream(sink, CompressionLevel.Optimal, leaveOpen: true))
        {
            stream.Write(content);
        }

        return sink.TryCopyTo(output) ? (int)sink.Length : -1;
    }

    /// <summary>Expands into an array of <see cref="ArrayPool{T}.Shared"/>, which the caller returns, whatever comes of it.</summary>
    public static DeflateResult Expand(ReadOnlySpan<byte> compressed, int most, out byte[] rented, out int length)
    {
        rented = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(compressed.Length * 8L, 4096, most));
        length = 0;
        using var source = new DeflateSource(compressed);
        using var stream = new DeflateStream(source, CompressionMode.Decompress);
        try
        {
            while (stream.Read(rented.AsSpan(length)) is var read && read > 0)
            {
                length += read;
                if (length > most)
                {
                    return DeflateResult.TooLong;
                }

                if (length == rented.Length)
                {
                    rented = Larger(rented, most);
                }
            }
        }
        catch (InvalidDataException)
        {
            return DeflateResult.Broken;
        }

        return source.EndedWithTheStream ? DeflateResult.Done : DeflateResult.Broken;
    }

    private static byte[] Larger(byte[] rented, int most)
    {
        // One byte more than allowed is enough to see that there is too much.
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(rented.Length * 2L, most + 1L));
        rented.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(rented);
        return larger;
    }
}
