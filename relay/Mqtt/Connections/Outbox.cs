using System.Buffers;
using System.Net.Sockets;

namespace Messaging.Relay.Mqtt.Connections;

/// <summary>
/// What is to be sent to one client. Whoever has something for it writes it straight into the block that is sent next; one of them sends, and goes on until nothing
/// is left. Without anything to send it holds no memory. Thread safe.
/// </summary>
/// <param name="channel">Where it goes.</param>
/// <param name="time">The clock.</param>
/// <param name="failed">Called once when it cannot be sent.</param>
internal sealed class Outbox(IByteChannel channel, TimeProvider time, Action failed)
{
    private const int BlockBytes = 32 * 1024;
    private readonly Lock _gate = new();
    private readonly Queue<ArraySegment<byte>> _full = new(0);
    private byte[]? _block;
    private int _used;
    private long _bytes;
    private long _progressAt;
    private bool _isSending;
    private bool _isDirty;
    private bool _isClosed;
    private TaskCompletionSource? _drained;

    /// <summary>Bytes that wait.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Since when it waits for the client to take something; null: it does not.</summary>
    public long? WaitsSince
    {
        get
        {
            lock (_gate)
            {
                return _bytes > 0 ? _progressAt : null;
            }
        }
    }

    /// <summary>Guards <see cref="Reserve"/> and what is written to its answer.</summary>
    public Lock Gate => _gate;

    /// <summary>Makes room at the end, to be filled before the gate is left.</summary>
    /// <param name="size">Bytes.</param>
    /// <param name="isFirst">True: this is what <see cref="Flush"/> is to be called for.</param>
    /// <returns>Empty: the connection is closed.</returns>
    public Span<byte> Reserve(int size, out bool isFirst)
    {
        isFirst = false;
        if (_isClosed)
        {
            return default;
        }

        if (_block is null || _block.Length - _used < size)
        {
            if (_used > 0)
            {
                _full.Enqueue(new ArraySegment<byte>(_block!, 0, _used));
            }
            else if (_block is not null)
            {
                ArrayPool<byte>.Shared.Return(_block);
            }

            _block = ArrayPool<byte>.Shared.Rent(Math.Max(BlockBytes, size));
            _used = 0;
        }

        if (_bytes == 0)
        {
            _progressAt = time.GetTimestamp();
        }

        var room = _block.AsSpan(_used, size);
        _used += size;
        _bytes += size;
        isFirst = !_isDirty;
        _isDirty = true;
        return room;
    }

    /// <summary>Sends what was written, unless somebody is at it.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            _isDirty = false;
            if (_isSending || _bytes == 0 || _isClosed)
            {
                return;
            }

            _isSending = true;
        }

        _ = SendAsync();
    }

    /// <summary>Completes when all is sent, or cannot be.</summary>
    public Task WhenSentAsync()
    {
        lock (_gate)
        {
            return _isSending && !_isClosed ? (_drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
        }
    }

    /// <summary>Nothing is taken any more, and what waits is dropped.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _drained?.TrySetResult();
            if (!_isSending)
            {
                Drop();
            }
        }
    }

    private async Task SendAsync()
    {
        try
        {
            while (Take() is { Array: { } array } block)
            {
                await channel.SendAsync(block);
                ArrayPool<byte>.Shared.Return(array);
                Sent(block.Count);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            lock (_gate)
            {
                _isSending = false;
                _isClosed = true;
                _drained?.TrySetResult();
                Drop();
            }

            failed();
        }
    }

    /// <summary>The next block; one without an array when there is nothing.</summary>
    private ArraySegment<byte> Take()
    {
        lock (_gate)
        {
            if (_full.TryDequeue(out var full))
            {
                return full;
            }

            if (_used > 0 && !_isClosed)
            {
                var last = new ArraySegment<byte>(_block!, 0, _used);
                (_block, _used) = (null, 0);
                return last;
            }

            _isSending = false;
            _drained?.TrySetResult();
            _drained = null;
            if (_isClosed)
            {
                Drop();
            }

            return default;
        }
    }

    private void Sent(int count)
    {
        lock (_gate)
        {
            _bytes -= count;
            _progressAt = time.GetTimestamp();
        }
    }

    private void Drop()
    {
        while (_full.TryDequeue(out var block))
        {
            ArrayPool<byte>.Shared.Return(block.Array!);
        }

        if (_block is { } last)
        {
            ArrayPool<byte>.Shared.Return(last);
        }

        (_block, _used, _bytes) = (null, 0, 0);
    }
}
