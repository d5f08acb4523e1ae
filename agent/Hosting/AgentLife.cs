namespace Messaging.Agent.Hosting;

/// <summary>Until when the agent runs, and what it ends with.</summary>
internal sealed class AgentLife : IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Cancelled when the agent has to end.</summary>
    public CancellationToken Stopping => _stop.Token;

    public int ExitCode { get; private set; }

    /// <summary>Ends the agent in order; only the first call says with what.</summary>
    public void Stop(int exitCode = ExitCodes.Ok)
    {
        lock (_stop)
        {
            if (!_stop.IsCancellationRequested)
            {
                ExitCode = exitCode;
                _stop.Cancel();
            }
        }
    }

    public void Dispose() => _stop.Dispose();
}
