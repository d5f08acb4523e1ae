using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.Agent.Commands.Output;

/// <summary>
/// Sends what a command writes, soon after it is written and up to a limit; then it only counts. While the disk refuses, what is within the
/// limit waits in memory. Thread-safe.
/// </summary>
internal sealed class OutputStream : IDisposable
{
    /// <summary>Somebody may look.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(250);

    /// <summary>Who runs for long is not looked at all the time.</summary>
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongRun = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private readonly OutputBuffer _buffer = new();
    private readonly CommandId _id;
    private readonly Func<CommandOutput, bool> _send;
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly ITimer _timer;
    private int _limit;
    private int _sent;
    private long _written;
    private bool _isWaiting;
    private bool _hasEnded;

    /// <param name="id">The command.</param>
    /// <param name="limit">Bytes that are sent; <see cref="Lower"/> makes it less.</param>
    /// <param name="send">False when the disk refused: it is offered again.</param>
    /// <param name="time">The clock.</param>
    public OutputStream(CommandId id, int limit, Func<CommandOutput, bool> send, TimeProvider time)
    {
        _id = id;
        _limit = Math.Clamp(limit, 0, CommandOutput.MaxTotalBytes);
        _send = send;
        _time = time;
        _began = time.GetTimestamp();
        _timer = time.CreateTimer(static stream => ((OutputStream)stream!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Before anything is written.</summary>
    public void Lower(int limit) => _limit = Math.Min(_limit, limit);

    public void Write(OutputSource source, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            var room = (int)Math.Min(bytes.Length, Math.Max(0, _limit - _written));
            _written += bytes.Length;
            if (room == 0 || _hasEnded)
            {
                return;
            }

            _buffer.Add(source, bytes[..room]);
            if (_buffer.Count >= CommandOutput.MaxBytes && !_isWaiting)
            {
                Flush(everything: false);
            }

            if (_buffer.Count > 0 && !_isWaiting)
            {
                Wait(_time.GetElapsedTime(_began) < LongRun ? Soon : Later);
            }
        }
    }

    /// <summary>Sends the rest, and how much there was; nothing where the command has written nothing.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (!_hasEnded && _written > 0 && Flush(everything: true))
            {
                // Where the disk refuses, the report alone tells of the end.
                _send(new CommandOutput(_id, _sent, OutputSource.Output, default, _written));
            }

            _hasEnded = true;
        }
    }

    /// <summary>Sends the rest of what was written until now: the command goes on without the agent, and the next start sends all of it again, to its end.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            if (!_hasEnded)
            {
                Flush(everything: true);
            }

            _hasEnded = true;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        lock (_gate)
        {
            _isWaiting = false;
            if (!_hasEnded && !Flush(everything: true))
            {
                Wait(Retry);
            }
        }
    }

    private void Wait(TimeSpan time)
    {
        _isWaiting = true;
        _timer.Change(time, Timeout.InfiniteTimeSpan);
    }

    /// <returns>False when the disk refused.</returns>
    private bool Flush(bool everything)
    {
        while (_buffer.Count > 0 && (everything || _buffer.Count >= CommandOutput.MaxBytes))
        {
            var piece = _buffer.Peek(CommandOutput.MaxBytes, out var source);
            if (!_send(new CommandOutput(_id, _sent, source, piece.ToArray(), null)))
            {
                return false;
            }

            _sent += piece.Length;
            _buffer.Remove(piece.Length);
        }

        return true;
    }
}
