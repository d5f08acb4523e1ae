using Messaging.Agent.Status;

namespace Messaging.Agent.Transport;

/// <summary>What the connection does now, for the status screen. Thread-safe.</summary>
internal sealed class ConnectionState(TimeProvider time)
{
    private readonly Lock _gate = new();
    private string _state = "off";
    private string? _endpoint;
    private DateTimeOffset? _since;
    private DateTimeOffset? _nextAttemptAt;
    private DateTimeOffset? _failingSince;
    private int _failures;
    private string? _lastError;
    private RelayRefusal? _refusal;

    /// <summary>True between a successful connection and its end.</summary>
    public bool IsConnected
    {
        get
        {
            lock (_gate)
            {
                return _state == "connected";
            }
        }
    }

    public void Connecting(string endpoint)
    {
        lock (_gate)
        {
            (_state, _endpoint, _since, _nextAttemptAt) = ("connecting", endpoint, time.GetUtcNow(), null);
        }
    }

    public void Connected()
    {
        lock (_gate)
        {
            (_state, _since, _failingSince, _failures, _refusal) = ("connected", time.GetUtcNow(), null, 0, null);
        }
    }

    public void Failed(string error, RelayRefusal refusal, TimeSpan retryAfter)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            (_state, _since, _nextAttemptAt, _lastError, _refusal) = ("waiting", now, now + retryAfter, error, refusal);
            _failingSince ??= now;
            _failures++;
        }
    }

    public void Off()
    {
        lock (_gate)
        {
            (_state, _since, _nextAttemptAt) = ("off", time.GetUtcNow(), null);
        }
    }

    public void Contribute(StatusBuilder status, ulong? epochNo, DateTimeOffset? lastAckAt)
    {
        lock (_gate)
        {
            status.Connection = new ConnectionStatus(_state, _endpoint, _since, _nextAttemptAt, _failures, _lastError, epochNo, lastAckAt);
            if (_refusal is { } refusal)
            {
                status.Problems.Add(new StatusProblem("connection", _lastError ?? "There is no connection.", Advice(refusal), _failingSince));
            }
        }
    }

    private static string Advice(RelayRefusal refusal) => refusal switch
    {
        RelayRefusal.NotAuthorized =>
            "The fleet does not know this device or has revoked it: ask an operator, and enrol again with a new token and --force. Data is kept meanwhile.",
        RelayRefusal.NotTheRelay =>
            "The address leads to something that is not the fleet's relay, or its certificate was replaced: tell the fleet's owner. Nothing was sent.",
        RelayRefusal.Unavailable => "The relay is starting or full; the agent goes on trying. Data is kept meanwhile.",
        _ => "Check the network and that the fleet server runs; the agent goes on trying. Data is kept meanwhile.",
    };
}
