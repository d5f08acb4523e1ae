using System.Buffers;

namespace Messaging.Relay.Mqtt.Connections;

/// <summary>
/// What has come and is not done with. There is much room while something is received, and no more than twice what is there while nothing comes: who sends
/// the beginning of a packet and no end holds little of the server's memory.
/// </summary>
internal struct ReadBuffer
{
    /// <summary>Room for what comes at once.</summary>
    public const int Bytes = 64 * 1024;

    private byte[]? _array;
    private int _start;
    private int _end;

    /// <summary>What is there.</summary>
    public readonly ReadOnlySpan<byte> Data => _array.AsSpan(_start, _end - _start);

    /// <summary>Memory that it holds, in bytes.</summary>
    public readonly int Held => _array?.Length ?? 0;

    /// <summary>Makes room, for when there is something to receive.</summary>
    /// <param name="needed">Bytes of the packet that is not whole yet; 0: not known.</param>
    public Memory<byte> Room(int needed)
    {
        var kept = _end - _start;
        if (_array is null || _array.Length < Bytes || _end == _array.Length)
        {
            // Of a large packet only what follows on what has come.
            Move(Math.Max(Math.Max(Bytes, kept + 1), Math.Min(kept * 2, needed)));
        }

        return _array.AsMemory(_end);
    }

    /// <summary>So much was received into the room.</summary>
    /// <returns>Whether all of it was taken, so that there is more.</returns>
    public bool Add(int count)
    {
        _end += count;
        return _end == _array!.Length;
    }

    /// <summary>So much is done with.</summary>
    public void Use(int count) => _start += count;

    /// <summary>Gives back what is not needed while nothing comes.</summary>
    public void Settle()
    {
        var kept = _end - _start;
        if (kept == 0)
        {
            Release();
        }
        else if (kept * 2 <= _array!.Length)
        {
            Move(kept);
        }
    }

    public void Release()
    {
        if (_array is { } array)
        {
            ArrayPool<byte>.Shared.Return(array);
        }

        (_array, _start, _end) = (null, 0, 0);
    }

    private void Move(int size)
    {
        var kept = _end - _start;
        var next = ArrayPool<byte>.Shared.Rent(size);
        Data.CopyTo(next);
        Release();
        (_array, _end) = (next, kept);
    }
}
