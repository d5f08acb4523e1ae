using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Messaging.Relay.Transport;
using Messaging.Wire;

namespace Messaging.Relay.Polling;

/// <summary>
/// One MQTT connection whose bytes come and go in numbered chunks. A chunk that is sent again is taken once, and the last
/// chunk that was handed out can be asked for again, so that a request that failed half-way can be repeated. Memory is bounded
/// by a chunk and a pipe each way. Thread safe.
/// </summary>
internal sealed class PollSession : IDisposable
{
    private readonly Pipe _up = new();
    private readonly Pipe _down = new();
    private readonly CancellationTokenSource _aborted = new();
    private readonly TaskCompletionSource _emptied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly SemaphoreSlim _receiving = new(1, 1);
    private readonly Lock _lock = new();
    private readonly byte[]? _tlsSpkiSha256;
    private readonly TimeProvider _time;
    private CancellationTokenSource? _newerPoll;
    private Task<FlushResult> _room = Task.FromResult(default(FlushResult));
    private byte[]? _lastChunk;
    private ulong _taken;
    private ulong _handedOut;
    private int _requests;
    private long _idleSince;

    public PollSession(string name, IPEndPoint remote, byte[]? tlsSpkiSha256, TimeSpan idleTimeout, TimeProvider time)
    {
        Name = name;
        _tlsSpkiSha256 = tlsSpkiSha256;
        _time = time;
        _idleSince = time.GetTimestamp();
        Transport = new RelayTransport
        {
            Input = _up.Reader,
            Output = _down.Writer,
            Remote = remote,
            TlsSpkiSha256 = tlsSpkiSha256,
            Carrier = Carrier.LongPoll,
            Abort = Abort,
            IsAbandoned = () => Volatile.Read(ref _requests) == 0 && time.GetElapsedTime(Volatile.Read(ref _idleSince)) >= idleTimeout,
        };
    }

    /// <summary>Whoever knows it is taken for the client.</summary>
    public string Name { get; }

    /// <summary>What the broker sees.</summary>
    public RelayTransport Transport { get; }

    /// <summary>Whether a request came under the certificate that the session is bound to.</summary>
    public bool IsBoundTo(byte[]? tlsSpkiSha256) => tlsSpkiSha256.AsSpan().SequenceEqual(_tlsSpkiSha256);

    /// <summary>While a request is there, the session is not idle.</summary>
    public RequestScope Enter() => new(this);

    /// <summary>Takes a chunk from the client, whole or not at all.</summary>
    /// <param name="number">The chunk's number: one more than the last, or the last again.</param>
    /// <param name="body">Its bytes.</param>
    /// <param name="patience">How long to wait for room.</param>
    /// <param name="ct">The request is over.</param>
    public async Task<PollResult> TakeAsync(ulong number, PipeReader body, TimeSpan patience, CancellationToken ct)
    {
        if (!await _sending.WaitAsync(TimeSpan.Zero, ct))
        {
            return PollResult.Busy;
        }

        try
        {
            using var deadline = new CancellationTokenSource(patience, _time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, _aborted.Token, deadline.Token);
            var (chunk, result) = await ReadAsync(body, limit.Token);
            try
            {
                return result == PollResult.Done ? await TakeAsync(number, chunk, limit.Token) : result;
            }
            finally
            {
                body.AdvanceTo(chunk.End);
            }
        }
        catch (OperationCanceledException)
        {
            return _aborted.IsCancellationRequested ? PollResult.Ended : PollResult.Busy;
        }
        catch (IOException)
        {
            // The request broke off, or came too slowly: nothing of it was taken.
            return PollResult.Malformed;
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Hands out the chunk of a number: the last one again, or what waits now, or what comes within <paramref name="patience"/>.</summary>
    /// <returns>With <see cref="PollResult.Nothing"/> the number is still to come.</returns>
    public async Task<(PollResult Result, ReadOnlyMemory<byte> Chunk)> HandOutAsync(ulong number, TimeSpan patience, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(patience, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, _aborted.Token, deadline.Token);
        CancellationTokenSource? older;
        lock (_lock)
        {
            (older, _newerPoll) = (_newerPoll, limit);
        }

        try
        {
            // Whoever asks again does not wait for the answer to the first question any more.
            await CancelAsync(older);
            await _receiving.WaitAsync(limit.Token);
            try
            {
                return await NextAsync(number, limit.Token);
            }
            finally
            {
                _receiving.Release();
            }
        }
        catch (OperationCanceledException)
        {
            return (_aborted.IsCancellationRequested ? PollResult.Ended : PollResult.Nothing, default);
        }
        finally
        {
            lock (_lock)
            {
                _newerPoll = _newerPoll == limit ? null : _newerPoll;
            }
        }
    }

    /// <summary>The broker is done: completes when the client has fetched the last bytes, or was given up.</summary>
    public async Task FinishAsync()
    {
        await _up.Reader.CompleteAsync();
        await _down.Writer.CompleteAsync();
        await _emptied.Task;
    }

    /// <summary>Ends it at once, unsent bytes or not.</summary>
    public void Abort()
    {
        _aborted.Cancel();
        _up.Writer.CancelPendingFlush();
        _up.Reader.CancelPendingRead();
        _emptied.TrySetResult();
    }

    /// <summary>The client says that it is done.</summary>
    public async Task EndSendingAsync(CancellationToken ct)
    {
        await _sending.WaitAsync(ct);
        try
        {
            await _up.Writer.CompleteAsync();
            _room = Task.FromResult(new FlushResult(isCanceled: false, isCompleted: true));
        }
        finally
        {
            _sending.Release();
        }
    }

    public void Dispose()
    {
        // Nothing here has handles to free, and late requests may still ask for it.
    }

    private static async Task CancelAsync(CancellationTokenSource? older)
    {
        try
        {
            await (older?.CancelAsync() ?? Task.CompletedTask);
        }
        catch (ObjectDisposedException)
        {
            // It was answered in this moment.
        }
    }

    private static async Task<(ReadOnlySequence<byte> Chunk, PollResult Result)> ReadAsync(PipeReader body, CancellationToken ct)
    {
        while (true)
        {
            var read = await body.ReadAsync(ct);
            if (read.Buffer.Length > LongPoll.MaxChunkBytes)
            {
                return (read.Buffer, PollResult.TooLarge);
            }

            if (read.IsCompleted)
            {
                return (read.Buffer, read.Buffer.IsEmpty ? PollResult.Malformed : PollResult.Done);
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private async Task<PollResult> TakeAsync(ulong number, ReadOnlySequence<byte> chunk, CancellationToken ct)
    {
        if (number == _taken)
        {
            return PollResult.Done;
        }

        if (number != _taken + 1)
        {
            return PollResult.WrongNumber;
        }

        if ((await _room.WaitAsync(ct)).IsCompleted)
        {
            return PollResult.Ended;
        }

        foreach (var segment in chunk)
        {
            _up.Writer.Write(segment.Span);
        }

        _taken = number;
        _room = _up.Writer.FlushAsync(CancellationToken.None).AsTask();
        return PollResult.Done;
    }

    private async Task<(PollResult Result, ReadOnlyMemory<byte> Chunk)> NextAsync(ulong number, CancellationToken ct)
    {
        if (number == _handedOut && _lastChunk is not null)
        {
            return (PollResult.Done, _lastChunk);
        }

        if (number != _handedOut + 1)
        {
            return (PollResult.WrongNumber, default);
        }

        _lastChunk = null;
        var read = await _down.Reader.ReadAsync(ct);
        var chunk = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, LongPoll.MaxChunkBytes));
        var bytes = chunk.ToArray();
        _down.Reader.AdvanceTo(chunk.End);
        if (bytes.Length == 0)
        {
            if (!read.IsCompleted)
            {
                return (PollResult.Nothing, default);
            }

            _emptied.TrySetResult();
            return (PollResult.Ended, default);
        }

        (_lastChunk, _handedOut) = (bytes, number);
        return (PollResult.Done, bytes);
    }

    /// <summary>The time of one request.</summary>
    internal readonly struct RequestScope : IDisposable
    {
        private readonly PollSession _session;

        public RequestScope(PollSession session)
        {
            _session = session;
            Interlocked.Increment(ref session._requests);
        }

        public void Dispose()
        {
            Volatile.Write(ref _session._idleSince, _session._time.GetTimestamp());
            Interlocked.Decrement(ref _session._requests);
        }
    }
}
