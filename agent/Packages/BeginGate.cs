namespace Messaging.Agent.Packages;

/// <summary>Either dpkg begins, or it is stopped before: never both. Thread-safe.</summary>
internal sealed class BeginGate : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopped = new();
    private bool _isStopped;

    /// <summary>dpkg has begun to work: from now on nobody stops it.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Why it is stopped; null when it is not.</summary>
    public string? Reason { get; private set; }

    /// <summary>It was stopped before it began.</summary>
    public CancellationToken Stopped => _stopped.Token;

    /// <returns>False when it was stopped first.</returns>
    public bool TryBegin()
    {
        lock (_gate)
        {
            HasBegun = !_isStopped;
            return HasBegun;
        }
    }

    /// <returns>False when it has begun.</returns>
    public bool TryStop(string reason)
    {
        lock (_gate)
        {
            if (HasBegun)
            {
                return false;
            }

            _isStopped = true;
            Reason ??= reason;
        }

        try
        {
            _stopped.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended.
        }

        return true;
    }

    public void Dispose() => _stopped.Dispose();
}
