using System.Buffers;
using System.IO.Compression;

namespace Messaging.Telemetry;

/// <summary>A batch on the wire: one byte that names the compression, then the content. 0: none; 1: brotli (RFC 7932).</summary>
internal sealed class BatchEnvelope : IDisposable
{
    /// <summary>The most bytes of content.</summary>
    public const int MaxContentBytes = 4 * 1024 * 1024;

    private const byte None = 0;
    private const byte Brotli = 1;

    // Fast enough for the smallest devices; higher levels gain a few percent on columns.
    private const int Quality = 5;
    private const int WindowBits = 18;
    private const int SmallestWorthCompressing = 64;

    private byte[]? _rented;
    private ReadOnlyMemory<byte> _content;

    public ReadOnlySpan<byte> Content => _content.Span;

    public static void Compress(ReadOnlySpan<byte> content, IBufferWriter<byte> output)
    {
        if (content.Length > MaxContentBytes)
        {
            throw new ArgumentException("A batch has at most 4 MiB.", nameof(content));
        }

        var span = output.GetSpan(1 + content.Length);
        if (content.Length >= SmallestWorthCompressing
            && BrotliEncoder.TryCompress(content, span.Slice(1, content.Length - 1), out var written, Quality, WindowBits))
        {
            span[0] = Brotli;
            output.Advance(1 + written);
            return;
        }

        Store(content, output);
    }

    /// <summary>Writes content that compression would not make smaller.</summary>
    public static void Store(ReadOnlySpan<byte> content, IBufferWriter<byte> output)
    {
        if (content.Length > MaxContentBytes)
        {
            throw new ArgumentException("A batch has at most 4 MiB.", nameof(content));
        }

        var span = output.GetSpan(1 + content.Length);
        span[0] = None;
        content.CopyTo(span[1..]);
        output.Advance(1 + content.Length);
    }

    /// <summary>False for an unknown compression, more than 4 MiB of content, a broken stream or bytes after its end.</summary>
    public bool TryOpen(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty || data[0] > Brotli)
        {
            return false;
        }

        var body = data[1..];
        if (data[0] == None)
        {
            _content = body.Length <= MaxContentBytes ? body.ToArray() : default;
            return body.Length <= MaxContentBytes;
        }

        return TryDecompress(body);
    }

    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = null;
        }
    }

    private bool TryDecompress(ReadOnlySpan<byte> body)
    {
        using var decoder = new BrotliDecoder();
        _rented = ArrayPool<byte>.Shared.Rent(Math.Clamp(body.Length * 8, 4096, MaxContentBytes));
        var length = 0;
        while (true)
        {
            var status = decoder.Decompress(body, _rented.AsSpan(length), out var consumed, out var written);
            body = body[consumed..];
            length += written;
            if (status == OperationStatus.Done)
            {
                _content = _rented.AsMemory(0, length);
                return body.IsEmpty && length <= MaxContentBytes;
            }

            if (status != OperationStatus.DestinationTooSmall || length > MaxContentBytes)
            {
                return false;
            }

            Grow(length);
        }
    }

    private void Grow(int used)
    {
        // One byte more than allowed is enough to see that there is too much.
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(Math.Max(_rented!.Length * 2, used + 1), MaxContentBytes + 1));
        _rented.AsSpan(0, used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_rented);
        _rented = larger;
    }
}
