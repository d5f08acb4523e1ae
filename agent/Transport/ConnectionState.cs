using Messaging.Agent.Status;

namespace Messaging.Agent.Transport;

/// <summary>What the connection does now, for the status screen. Thread-safe.</summary>
internal sealed class ConnectionState(TimeProvider time)
{
    private readonly Lock _gate = new();
    private string _state = "off";
    private RelayEndpoint? _endpoint;
    private RelayEndpoint? _next;
    private string? _proxy;
    private DateTimeOffset? _since;
    private DateTimeOffset? _until;
    private DateTimeOffset? _failingSince;
    private RelayEndpoint? _better;
    private DateTimeOffset? _betterAt;
    private string? _betterError;
    private int _failures;
    private bool _isAsked;
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

    public void Connecting(RelayEndpoint endpoint, string? proxy, TimeSpan timeout)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            (_state, _endpoint, _proxy, _since, _until, _next) = ("connecting", endpoint, proxy, now, now + timeout, null);
        }
    }

    public void Connected(RelayEndpoint endpoint, string? proxy)
    {
        lock (_gate)
        {
            (_state, _endpoint, _proxy, _since, _until) = ("connected", endpoint, proxy, time.GetUtcNow(), null);
            (_failingSince, _failures, _refusal) = (null, 0, null);
            (_better, _betterAt, _betterError) = (null, null, null);
        }
    }

    /// <summary>A better transport will be tried; null: there is none.</summary>
    public void WillLook(RelayEndpoint? better, TimeSpan delay)
    {
        lock (_gate)
        {
            (_better, _betterAt) = (better, better is null ? null : time.GetUtcNow() + delay);
        }
    }

    public void NoBetter(string error)
    {
        lock (_gate)
        {
            _betterError = error;
        }
    }

    /// <param name="error">Why.</param>
    /// <param name="refusal">The kind of it.</param>
    /// <param name="retryAfter">How long the agent waits now.</param>
    /// <param name="next">Where it tries then.</param>
    /// <param name="isAsked">The relay has asked for a time.</param>
    public void Failed(string error, RelayRefusal refusal, TimeSpan retryAfter, RelayEndpoint? next, bool isAsked)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            (_state, _since, _until, _lastError, _refusal, _next) = ("waiting", now, now + retryAfter, error, refusal, next);
            (_better, _betterAt) = (null, null);
            _failingSince ??= now;
            _failures++;
            _isAsked = isAsked;
        }
    }

    public void Off()
    {
        lock (_gate)
        {
            (_state, _since, _until) = ("off", time.GetUtcNow(), null);
        }
    }

    public void Contribute(StatusBuilder status, ulong? epochNo, DateTimeOffset? lastAckAt)
    {
        lock (_gate)
        {
            var isWaiting = _state == "waiting";
            status.Connection = new ConnectionStatus(
                _state, _endpoint?.Address, _since, isWaiting ? _until : null, _failures, _lastError, epochNo, lastAckAt)
            {
                Transport = _endpoint?.Transport,
                Proxy = _proxy,
                NextEndpoint = isWaiting ? _next?.Address : null,
                AskedToWait = isWaiting && _isAsked,
                Deadline = _state == "connecting" ? _until : null,
                BetterEndpoint = _better?.Address,
                BetterAt = _betterAt,
                BetterError = _betterError,
            };
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
