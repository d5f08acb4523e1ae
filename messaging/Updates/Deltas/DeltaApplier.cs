using System.Buffers.Binary;
using System.Security.Cryptography;
using Messaging.Updates.Deltas.Coding;

namespace Messaging.Updates.Deltas;

/// <summary>
/// Makes a new file from an old one and a delta, while the delta's bytes come: about 7 MB of memory however large the files are. Format: protocol, section 30.
/// </summary>
public static class DeltaApplier
{
    private const int HashBlockBytes = 64 * 1024;
    private const int LengthBytes = 4;

    /// <summary>Reads a delta to its end and writes the new file.</summary>
    /// <param name="old">The file that the delta was made from.</param>
    /// <param name="delta">A download or a file; read from its current position, once and in order.</param>
    /// <param name="output">Where the new file is written, once and in order. It is not flushed.</param>
    /// <param name="limits">What the delta may make of it.</param>
    /// <param name="stop">Stops between two blocks.</param>
    /// <returns>What was made: to be compared with signed metadata before it is used.</returns>
    /// <exception cref="DeltaException">The delta was refused. What was written is to be thrown away; it is never longer than the limit.</exception>
    /// <exception cref="IOException">A file or stream failed.</exception>
    public static async Task<DeltaResult> ApplyAsync(IOldFile old, Stream delta, Stream output, DeltaLimits limits, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(delta);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(limits);
        var header = await DeltaHeader.ReadAsync(delta, stop).ConfigureAwait(false);
        Check(header, old, limits, stop);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var code = new DeltaCode<BitDecoder>(old, header.NewLength);
        var front = new byte[LengthBytes];
        var coded = new byte[code.MaxCodedBytes];
        while (!code.Block.IsEmpty)
        {
            stop.ThrowIfCancellationRequested();
            var length = await ReadLengthAsync(delta, front, code.MaxCodedBytes, stop).ConfigureAwait(false);
            if (await delta.ReadAtLeastAsync(coded.AsMemory(0, length), length, throwOnEndOfStream: false, stop).ConfigureAwait(false) < length)
            {
                throw new DeltaException(DeltaFailure.Truncated, "It ends inside of a block.");
            }

            Decode(code, coded, length);
            hash.AppendData(code.Block.Span);
            await output.WriteAsync(code.Block, stop).ConfigureAwait(false);
            code.Next();
        }

        if (await delta.ReadAsync(front.AsMemory(0, 1), stop).ConfigureAwait(false) != 0)
        {
            throw new DeltaException(DeltaFailure.TrailingBytes, "Something follows behind its last block.");
        }

        var sha256 = hash.GetHashAndReset();
        return sha256.AsSpan().SequenceEqual(header.NewSha256.Span)
            ? new DeltaResult(header.NewLength, sha256)
            : throw new DeltaException(DeltaFailure.WrongNew, "It makes another file than it says.");
    }

    private static void Check(DeltaHeader header, IOldFile old, DeltaLimits limits, CancellationToken stop)
    {
        if (header.NewLength > limits.MaxNewBytes)
        {
            throw new DeltaException(DeltaFailure.TooLarge, $"It makes {header.NewLength} bytes; {limits.MaxNewBytes} are allowed.");
        }

        if (header.OldLength != old.Length)
        {
            throw new DeltaException(DeltaFailure.WrongOld, $"It was made from {header.OldLength} bytes, and the old file has {old.Length}.");
        }

        if (!limits.OldIsVerified && !Sha256(old, stop).AsSpan().SequenceEqual(header.OldSha256.Span))
        {
            throw new DeltaException(DeltaFailure.WrongOld, "It was made from a file with another SHA-256 than the old one's.");
        }
    }

    /// <summary>SHA-256 of an old file.</summary>
    internal static byte[] Sha256(IOldFile old, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[HashBlockBytes];
        for (var at = 0L; at < old.Length;)
        {
            stop.ThrowIfCancellationRequested();
            var part = block.AsSpan(0, (int)Math.Min(block.Length, old.Length - at));
            old.Read(at, part);
            hash.AppendData(part);
            at += part.Length;
        }

        return hash.GetHashAndReset();
    }

    private static async ValueTask<int> ReadLengthAsync(Stream delta, byte[] front, int most, CancellationToken stop)
    {
        if (await delta.ReadAtLeastAsync(front, front.Length, throwOnEndOfStream: false, stop).ConfigureAwait(false) < front.Length)
        {
            throw new DeltaException(DeltaFailure.Truncated, "It ends where a block should begin.");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(front);
        return length <= most
            ? (int)length
            : throw new DeltaException(DeltaFailure.Malformed, $"It has a block of {length} bytes; {most} are allowed.");
    }

    private static void Decode(DeltaCode<BitDecoder> code, byte[] coded, int length)
    {
        code.Coder.Begin(coded, length);
        code.Code();
        if (!code.Coder.IsAtEnd)
        {
            throw new DeltaException(DeltaFailure.Malformed, "The bits of a block do not end where the block does.");
        }
    }
}
