using System.Buffers;
using Messaging.Agent.Disk;
using Messaging.Recordings;
using Messaging.Sessions;

namespace Messaging.Agent.Recordings;

/// <summary>
/// One recording on its way to the disk, on a thread of its own: what it is told is sealed when there is a chunk of it, and at the latest after
/// a second, when everything so far is put on the medium as well. So a power cut takes a second of it. Thread-safe.
/// </summary>
internal sealed class Recorder : IDisposable
{
    /// <summary>What may wait for the disk before nothing more is shown.</summary>
    private const int MaxWaiting = 256 * 1024;
    private const int StackBytes = 256 * 1024;
    private readonly object _gate = new();
    private readonly IDiskFile _file;
    private readonly RecordingSealer _sealer;
    private readonly CastWriter _cast = new();
    private readonly RecorderLimits _limits;
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly Thread _thread;
    private ArrayBufferWriter<byte> _waiting = new();
    private ArrayBufferWriter<byte> _writing = new();
    private long? _unsyncedSince;
    private bool _isFinishing;
    private volatile string? _problem;

    /// <param name="path">Of the file.</param>
    /// <param name="file">Empty; disposed with this.</param>
    /// <param name="sealer">Of this recording; disposed with this.</param>
    /// <param name="limits">How large it may become.</param>
    /// <param name="time">The clock.</param>
    /// <param name="begin">Writes what stands before the first event.</param>
    /// <exception cref="IOException">Its beginning cannot be put on the medium.</exception>
    public Recorder(string path, IDiskFile file, RecordingSealer sealer, RecorderLimits limits, TimeProvider time, Action<ArrayBufferWriter<byte>> begin)
    {
        (Path, _file, _sealer, _limits, _time) = (path, file, sealer, limits, time);
        _began = time.GetTimestamp();
        file.Write(0, sealer.Head.Span);
        Written = sealer.Head.Length;
        begin(_waiting);
        WriteChunks(_waiting, isFinal: false);
        file.Sync();
        _thread = new Thread(Run, StackBytes) { IsBackground = true, Name = "recording" };
        _thread.Start();
    }

    /// <summary>Raised on any thread when there is room, or a <see cref="Problem"/>.</summary>
    public event Action? Changed;

    public string Path { get; }

    /// <summary>Why nothing more is recorded; null: it goes on.</summary>
    public string? Problem => _problem;

    /// <summary>Its last chunk is on the medium.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Bytes of the file.</summary>
    public long Written { get; private set; }

    /// <summary>SHA-256 of the file, once it is whole.</summary>
    public byte[] Sha256 { get; private set; } = [];

    /// <summary>How long it lasted until now.</summary>
    public TimeSpan Age => _time.GetElapsedTime(_began);

    public bool HasRoom
    {
        get
        {
            lock (_gate)
            {
                return _waiting.WrittenCount < MaxWaiting;
            }
        }
    }

    /// <summary>What the terminal shows.</summary>
    public void Output(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            _cast.Output(_waiting, Microseconds, bytes);
            Told();
        }
    }

    public void Resize(TerminalSize size)
    {
        lock (_gate)
        {
            CastWriter.Resize(_waiting, Microseconds, size);
            Told();
        }
    }

    /// <summary>Ends it: when this returns it is whole and on the medium, or there is a problem. The same answer each time.</summary>
    /// <returns>The problem.</returns>
    public string? Finish()
    {
        lock (_gate)
        {
            if (!_isFinishing)
            {
                _cast.End(_waiting, Microseconds);
            }

            _isFinishing = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
        return _problem;
    }

    public void Dispose()
    {
        Finish();
        _file.Dispose();
        _sealer.Dispose();
    }

    private long Microseconds => (long)_time.GetElapsedTime(_began).TotalMicroseconds;

    private bool IsChunkThere => _waiting.WrittenCount >= RecordingFormat.MaxChunkBytes;

    private void Told()
    {
        _unsyncedSince ??= _time.GetTimestamp();
        Monitor.Pulse(_gate);
    }

    private void Run()
    {
        try
        {
            var isFinal = false;
            while (!isFinal)
            {
                bool isDue;
                lock (_gate)
                {
                    while (!_isFinishing && !IsChunkThere && UntilDue() is var left && left != TimeSpan.Zero)
                    {
                        Monitor.Wait(_gate, left);
                    }

                    isFinal = _isFinishing;
                    isDue = isFinal || UntilDue() == TimeSpan.Zero;
                    (_waiting, _writing) = (_writing, _waiting);
                    _unsyncedSince = isDue ? null : _unsyncedSince;
                }

                Write(isFinal, isDue);
            }
        }
        catch (IOException e)
        {
            Fail($"it cannot be written: {e.Message}");
        }
    }

    /// <summary>Zero: now.</summary>
    private TimeSpan UntilDue()
    {
        if (_unsyncedSince is not { } since)
        {
            return Timeout.InfiniteTimeSpan;
        }

        var left = _limits.SyncInterval - _time.GetElapsedTime(since);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void Write(bool isFinal, bool isDue)
    {
        WriteChunks(_writing, isFinal);
        if (isDue)
        {
            _file.Sync();
        }

        if (isFinal)
        {
            Sha256 = _sealer.Sha256();
            IsWhole = true;
        }
        else if (_limits.Refusal(Written, isDue) is { } refusal)
        {
            Fail(refusal);
        }

        Changed?.Invoke();
    }

    private void WriteChunks(ArrayBufferWriter<byte> from, bool isFinal)
    {
        var content = from.WrittenMemory;
        while (!content.IsEmpty || isFinal)
        {
            var chunk = content[..Math.Min(content.Length, RecordingFormat.MaxChunkBytes)];
            content = content[chunk.Length..];
            var isLast = isFinal && content.IsEmpty;
            var bytes = _sealer.Seal(chunk.Span, isLast);
            _file.Write(Written, bytes);
            Written += bytes.Length;
            if (isLast)
            {
                break;
            }
        }

        from.ResetWrittenCount();
    }

    private void Fail(string problem)
    {
        _problem ??= problem;
        Changed?.Invoke();
    }
}
