namespace Messaging.Agent.Commands;

/// <summary>A command between its acceptance and its end. Thread-safe.</summary>
internal sealed class RunningCommand : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _cancelled = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isTaken;
    private bool _isCancelled;
    private bool _isStarted;
    private bool _canBeStopped;

    /// <summary>Somebody cancelled it.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>Its end is in the journal.</summary>
    public Task Ended => _ended.Task;

    /// <summary>It was cancelled, and cannot be ended any more; why.</summary>
    public Task<string> Refused => _refused.Task;

    /// <summary>It has not begun, or can be stopped.</summary>
    public bool MayBeCancelled
    {
        get
        {
            lock (_gate)
            {
                return !_isStarted || _canBeStopped;
            }
        }
    }

    /// <summary>It cannot be ended any more.</summary>
    public void Refuse(string why) => _refused.TrySetResult(why);

    /// <summary>For one that waits: who takes it runs or ends it.</summary>
    /// <returns>False when somebody else has.</returns>
    public bool TryTake()
    {
        lock (_gate)
        {
            var isFirst = !_isTaken;
            _isTaken = true;
            return isFirst;
        }
    }

    /// <returns>False when it was cancelled first: it must not be started.</returns>
    public bool TryStart(bool canBeStopped)
    {
        lock (_gate)
        {
            _isStarted = !_isCancelled;
            _canBeStopped = canBeStopped;
            return _isStarted;
        }
    }

    /// <returns>False when it runs and cannot be stopped.</returns>
    public bool TryCancel()
    {
        lock (_gate)
        {
            if (_isStarted && !_canBeStopped)
            {
                return false;
            }

            _isCancelled = true;
        }

        try
        {
            // What listens runs its own code, so not under the lock.
            _cancelled.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended.
        }

        return true;
    }

    public void Dispose()
    {
        _ended.TrySetResult();
        _cancelled.Dispose();
    }
}
