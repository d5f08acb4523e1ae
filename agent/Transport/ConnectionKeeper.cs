using Messaging.Agent.Configuration;
using Messaging.Agent.Identity;
using Messaging.Agent.Rosters;
using Messaging.Crypto;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Messaging.Agent.Transport;

/// <summary>
/// Keeps one connection: tries the endpoints in turn, waits longer after each failure, jittered, and much longer when the relay does
/// not want this device at all.
/// </summary>
internal sealed partial class ConnectionKeeper
{
    /// <summary>A connection that lived this long was a good one: the next failure starts with a short wait again.</summary>
    private static readonly TimeSpan Stable = TimeSpan.FromSeconds(20);

    /// <summary>How long a device that is not wanted waits, at least; the relay may only not have heard of it yet.</summary>
    private static readonly TimeSpan[] Unwanted = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)];
    private readonly IRelayConnector _connector;
    private readonly RosterStore _roster;
    private readonly KeyStore _keys;
    private readonly TransportOptions _options;
    private readonly ConnectionState _state;
    private readonly TimeProvider _time;
    private readonly ILogger<ConnectionKeeper> _logger;
    private readonly ResiliencePipeline _pipeline;
    private int _attempts;

    public ConnectionKeeper(
        IRelayConnector connector,
        RosterStore roster,
        KeyStore keys,
        AgentOptions options,
        ConnectionState state,
        TimeProvider time,
        ILogger<ConnectionKeeper> logger)
    {
        _connector = connector;
        _roster = roster;
        _keys = keys;
        _options = options.Transport;
        _state = state;
        _time = time;
        _logger = logger;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<RelayRefusedException>(),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = _options.BackoffMinimum,
                MaxDelay = _options.BackoffMaximum,
                DelayGenerator = Delay,
                OnRetry = Note,
            })
            .Build();
    }

    /// <summary>Runs until cancelled.</summary>
    /// <param name="receive">Called for each frame that arrives.</param>
    /// <param name="serve">Runs while a connection lives; its token is cancelled at the end.</param>
    /// <param name="ct">Ends everything.</param>
    public async Task RunAsync(Func<ReadOnlyMemory<byte>, Task> receive, Func<IRelayConnection, CancellationToken, Task> serve, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                await _pipeline.ExecuteAsync(async token => await ConnectAndServeAsync(receive, serve, token), ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            _state.Off();
        }
    }

    private static ValueTask<TimeSpan?> Delay(RetryDelayGeneratorArguments<object> args) =>
        args.Outcome.Exception is RelayRefusedException { Refusal: RelayRefusal.NotAuthorized or RelayRefusal.NotTheRelay }
            ? new(Unwanted[Math.Min(args.AttemptNumber, Unwanted.Length - 1)] * (1 + Uplink.Jitter.Next()))
            : new((TimeSpan?)null);

    /// <summary>Returns after a good connection; a bad one is an exception.</summary>
    private async Task ConnectAndServeAsync(
        Func<ReadOnlyMemory<byte>, Task> receive, Func<IRelayConnection, CancellationToken, Task> serve, CancellationToken ct)
    {
        var endpoint = NextEndpoint();
        _state.Connecting(endpoint.Address);
        await using var connection = await ConnectAsync(endpoint, receive, ct);
        var began = _time.GetTimestamp();
        _state.Connected();
        Log.Connected(_logger, endpoint.Address);
        using var life = CancellationTokenSource.CreateLinkedTokenSource(ct, connection.Ended);
        try
        {
            await serve(connection, life.Token);
        }
        catch (Exception e) when (e is RelayRefusedException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            // The end of a connection, seen from either side.
            Log.Lost(_logger, endpoint.Address, connection.EndReason ?? e.Message);
        }

        if (_time.GetElapsedTime(began) >= Stable)
        {
            _attempts = 0;
        }
        else
        {
            throw new RelayRefusedException(RelayRefusal.Unreachable, $"{endpoint.Address}: the connection ended: {connection.EndReason ?? "closed"}");
        }
    }

    /// <summary>While a change of keys is on its way, the relay knows either the old key or the new one.</summary>
    private async Task<IRelayConnection> ConnectAsync(RelayEndpoint endpoint, Func<ReadOnlyMemory<byte>, Task> receive, CancellationToken ct)
    {
        var keys = _keys.Keys;
        try
        {
            return await _connector.ConnectAsync(endpoint, keys.Identity, receive, ct);
        }
        catch (RelayRefusedException e) when (e.Refusal == RelayRefusal.NotAuthorized && keys.Pending?.Identity is not null)
        {
            return await ConnectAsync(endpoint, keys.Pending.Identity, receive, ct);
        }
    }

    private Task<IRelayConnection> ConnectAsync(
        RelayEndpoint endpoint, IdentityKey identity, Func<ReadOnlyMemory<byte>, Task> receive, CancellationToken ct) =>
        _connector.ConnectAsync(endpoint, identity, receive, ct);

    private RelayEndpoint NextEndpoint()
    {
        var addresses = _options.Endpoint.Length > 0 ? [_options.Endpoint] : _roster.Current.Content.Endpoints;
        var problem = "the roster names no endpoint";
        for (var i = 0; i < addresses.Count; i++)
        {
            if (RelayEndpoint.TryParse(addresses[_attempts++ % addresses.Count], out var endpoint, out problem))
            {
                return endpoint;
            }
        }

        throw new RelayRefusedException(RelayRefusal.Unreachable, problem);
    }

    private ValueTask Note(OnRetryArguments<object> args)
    {
        var refusal = (RelayRefusedException)args.Outcome.Exception!;
        _state.Failed(refusal.Message, refusal.Refusal, args.RetryDelay);
        Log.Waiting(_logger, refusal.Message, args.RetryDelay.TotalSeconds);
        return default;
    }
}
