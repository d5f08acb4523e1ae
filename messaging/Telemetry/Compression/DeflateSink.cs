using System.Buffers;

namespace Messaging.Telemetry.Compression;

/// <summary>Takes what is compressed, as long as there is room for it; what is more is counted and dropped.</summary>
internal sealed class DeflateSink(int room) : OneWayStream
{
    private byte[]? _data = ArrayPool<byte>.Shared.Rent(room);
    private long _length;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_length + buffer.Length <= room)
        {
            buffer.CopyTo(_data.AsSpan((int)_length));
        }

        _length += buffer.Length;
    }

    /// <summary>False when it was more than there was room for.</summary>
    public bool TryCopyTo(Span<byte> output) => _length <= room && _data.AsSpan(0, (int)_length).TryCopyTo(output);

    protected override void Dispose(bool disposing)
    {
        if (disposing && _data is { } data)
        {
            _data = null;
            ArrayPool<byte>.Shared.Return(data);
        }

        base.Dispose(disposing);
    }
}
