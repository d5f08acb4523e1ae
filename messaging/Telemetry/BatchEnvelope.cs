using System.Buffers;
using Messaging.Telemetry.Compression;

namespace Messaging.Telemetry;

/// <summary>A batch on the wire: one byte that names the compression, then the content. 0: none; 2: DEFLATE (RFC 1951).</summary>
internal sealed class BatchEnvelope : IDisposable
{
    /// <summary>The most bytes of content.</summary>
    public const int MaxContentBytes = 4 * 1024 * 1024;

    private const byte None = 0;
    private const byte Deflated = 2;
    private const int SmallestWorthCompressing = 64;

    private byte[]? _rented;
    private ReadOnlyMemory<byte> _content;

    public ReadOnlySpan<byte> Content => _content.Span;

    /// <summary>It was refused because it expands to more than 4 MiB.</summary>
    public bool IsBomb { get; private set; }

    public static void Compress(ReadOnlySpan<byte> content, IBufferWriter<byte> output)
    {
        if (content.Length > MaxContentBytes)
        {
            throw new ArgumentException("A batch has at most 4 MiB.", nameof(content));
        }

        var span = output.GetSpan(1 + content.Length);
        if (content.Length >= SmallestWorthCompressing && Deflate.Compress(content, span.Slice(1, content.Length - 1)) is var written and > 0)
        {
            span[0] = Deflated;
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
        switch (data)
        {
            case [None, .. var body] when body.Length <= MaxContentBytes:
                _content = body.ToArray();
                return true;
            case [Deflated, .. var body]:
                var result = Deflate.Expand(body, MaxContentBytes, out _rented, out var length);
                _content = _rented.AsMemory(0, Math.Min(length, MaxContentBytes));
                IsBomb = result == DeflateResult.TooLong;
                return result == DeflateResult.Done;
            default:
                return false;
        }
    }

    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = null;
        }
    }
}
