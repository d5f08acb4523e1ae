using System.Buffers;

namespace Messaging.Telemetry.Compression;

/// <summary>
/// What is to be expanded. The last byte comes alone: only whoever needs it asks for it, so that it can be told whether the stream ended with
/// the data, before, or not at all.
/// </summary>
internal sealed class DeflateSource : OneWayStream
{
    private readonly byte[] _data;
    private readonly int _length;
    private int _given;
    private bool _askedForMore;
    private bool _isReturned;

    public DeflateSource(ReadOnlySpan<byte> data)
    {
        _data = ArrayPool<byte>.Shared.Rent(data.Length);
        _length = data.Length;
        data.CopyTo(_data);
    }

    public override bool CanRead => true;

    public bool EndedWithTheStream => _given == _length && _length > 0 && !_askedForMore;

    public override int Read(Span<byte> buffer)
    {
        if (_given == _length)
        {
            _askedForMore = true;
            return 0;
        }

        var count = Math.Min(buffer.Length, _given < _length - 1 ? _length - 1 - _given : 1);
        _data.AsSpan(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isReturned)
        {
            _isReturned = true;
            ArrayPool<byte>.Shared.Return(_data);
        }

        base.Dispose(disposing);
    }
}
