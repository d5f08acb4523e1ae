using Messaging.Agent.Sessions;
using Messaging.Sessions;

namespace Messaging.Agent.Transfers;

/// <summary>
/// A session that carries a file: what touches the disk is done on a thread of its own, a few messages ahead and no further. The end is what became
/// of the file: whoever ends the session is told that it was done, when it was.
/// </summary>
internal abstract class FileBody : SessionBody
{
    /// <summary>Messages that are read ahead of what can be sent.</summary>
    private const int MaxAhead = 8;
    private const int StackBytes = 256 * 1024;

    /// <summary>Milliseconds that the disk is waited for when a session ends; what it takes longer for is done all the same.</summary>
    private const int Patience = 2000;

    /// <summary>Its monitor is pulsed at each change.</summary>
    private readonly object _gate = new();
    private readonly Queue<SessionMessage> _incoming = new();
    private readonly Queue<SessionMessage> _taken = new();
    private readonly Queue<SessionMessage> _outgoing = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _cancelled;
    private Thread? _thread;
    private SessionEnd? _result;
    private SessionEnd? _ended;
    private bool _isCommitted;
    private bool _waits;

    /// <param name="cancelled">The command was cancelled: nothing is kept.</param>
    protected FileBody(CancellationToken cancelled) => _cancelled = cancelled;

    public override bool IsDoneWhenClosed => false;

    public override long MaxOutgoing => FileStart.Window;

    public override bool IsBusy
    {
        get
        {
            lock (_gate)
            {
                return _thread is not null && _result is null && !_waits;
            }
        }
    }

    public override SessionEnd? End
    {
        get
        {
            lock (_gate)
            {
                return _outgoing.Count == 0 ? _result : null;
            }
        }
    }

    /// <summary>What was ended may be gone on with later.</summary>
    protected bool MayComeBack => _ended is { Reason: SessionEndReason.Lost or SessionEndReason.Idle or SessionEndReason.TooLong or SessionEndReason.Stopping }
        && !_cancelled.IsCancellationRequested;

    public override void Take(SessionMessage message)
    {
        lock (_gate)
        {
            (message.Kind == SessionMessageKind.Data && _result is null ? _incoming : _taken).Enqueue(message);
            Monitor.PulseAll(_gate);
        }
    }

    public override SessionMessage? NextTaken()
    {
        lock (_gate)
        {
            return _taken.TryDequeue(out var taken) ? taken : null;
        }
    }

    public override SessionMessage? NextToSend()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
            return _outgoing.TryDequeue(out var message) ? message : null;
        }
    }

    public override SessionEnd EndWith(SessionEnd end)
    {
        lock (_gate)
        {
            if (_result is null)
            {
                _ended ??= end;
                Stop();

                // What is getting its name is waited for, because the answer has to be true.
                while (_result is null && (_isCommitted ? Monitor.Wait(_gate) : Monitor.Wait(_gate, Patience)))
                {
                }
            }

            return _result ?? end;
        }
    }

    public override void Dispose() => EndWith(new SessionEnd(SessionEndReason.Failed, null, "The session has ended."));

    /// <summary>Begins, when the constructors are through.</summary>
    protected void Start(string name)
    {
        _thread = new Thread(Run, StackBytes) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Does all of it, on the thread.</summary>
    /// <returns>What was done; null: the client has the last word, or it was ended.</returns>
    /// <exception cref="IOException">It does not work, and why.</exception>
    protected abstract string? Carry(CancellationToken ct);

    /// <summary>Lets go of everything, on the thread; says how far it came.</summary>
    protected abstract string LetGo();

    /// <summary>Ends it from any thread.</summary>
    protected void EndFromElsewhere(SessionEnd end)
    {
        lock (_gate)
        {
            _ended ??= end;
            Stop();
        }
    }

    /// <summary>Asked just before what cannot be taken back: false when it was ended.</summary>
    protected bool TryCommit()
    {
        lock (_gate)
        {
            return _isCommitted = _ended is null;
        }
    }

    /// <summary>Waits for the client's next bytes.</summary>
    protected SessionMessage Next(CancellationToken ct)
    {
        lock (_gate)
        {
            _waits = true;
            while (_incoming.Count == 0)
            {
                ct.ThrowIfCancellationRequested();
                Monitor.Wait(_gate);
            }

            ct.ThrowIfCancellationRequested();
            _waits = false;
            return _incoming.Dequeue();
        }
    }

    /// <summary>They were dealt with.</summary>
    protected void Took(SessionMessage message)
    {
        lock (_gate)
        {
            _taken.Enqueue(message);
        }

        HasChanged();
    }

    /// <summary>Hands it to the session, when that has room.</summary>
    protected void Say(SessionMessage message, CancellationToken ct)
    {
        lock (_gate)
        {
            _waits = true;
            while (_outgoing.Count >= MaxAhead)
            {
                ct.ThrowIfCancellationRequested();
                Monitor.Wait(_gate);
            }

            ct.ThrowIfCancellationRequested();
            _waits = false;
            _outgoing.Enqueue(message);
        }

        HasChanged();
    }

    /// <summary>Waits for the client's last word, or another end.</summary>
    protected void WaitForEnd(CancellationToken ct)
    {
        lock (_gate)
        {
            _waits = true;
            while (true)
            {
                ct.ThrowIfCancellationRequested();
                Monitor.Wait(_gate);
            }
        }
    }

    private void Run()
    {
        string? done = null;
        string? failure = null;
        try
        {
            done = Carry(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The end that was said is the result.
        }
        catch (Exception e)
        {
            // Whatever it is, it is how the session ends.
            failure = e.Message;
        }

        var progress = LetGo();
        lock (_gate)
        {
            _result = done is not null ? new SessionEnd(SessionEndReason.Done, null, done)
                : failure is not null ? new SessionEnd(SessionEndReason.Failed, null, failure)
                : new SessionEnd(_ended!.Reason, null, $"{_ended.Text} {progress}");
            while (_incoming.TryDequeue(out var rest))
            {
                _taken.Enqueue(rest);
            }

            Monitor.PulseAll(_gate);
        }

        HasChanged();
    }

    private void Stop()
    {
        _stop.Cancel();
        Monitor.PulseAll(_gate);
    }
}
