using Messaging.Agent.Configuration;
using Messaging.Agent.Downlink;
using Messaging.Agent.Identity;
using Messaging.Agent.Transport.Choice;
using Messaging.Agent.Transport.Dialing;
using Messaging.Agent.Transport.Metering;
using Messaging.Agent.Trust;
using Messaging.Trust;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Messaging.Agent.Transport;

/// <summary>
/// Keeps one connection, over the endpoint and after the time that <see cref="EndpointChoice"/> says; while it is not the best one, looks
/// for a better one beside it.
/// </summary>
internal sealed partial class ConnectionKeeper
{
    private readonly IRelayConnector _connector;
    private readonly FleetTrustStore _fleet;
    private readonly KeyStore _keys;
    private readonly TransportOptions _options;
    private readonly ConnectionState _state;
    private readonly EndpointChoice _choice;
    private readonly EndpointMemory _memory;
    private readonly Dialer _dialer;
    private readonly LinkCost _link;
    private readonly ControlWord _control;
    private readonly TimeProvider _time;
    private readonly ILogger<ConnectionKeeper> _logger;
    private readonly ResiliencePipeline _pipeline;
    private readonly long _began;
    private TimeSpan _wait;

    public ConnectionKeeper(
        IRelayConnector connector,
        FleetTrustStore fleet,
        KeyStore keys,
        AgentOptions options,
        ConnectionState state,
        EndpointChoice choice,
        EndpointMemory memory,
        Dialer dialer,
        LinkCost link,
        ControlWord control,
        TimeProvider time,
        ILogger<ConnectionKeeper> logger)
    {
        _connector = connector;
        _fleet = fleet;
        _keys = keys;
        _options = options.Transport;
        _state = state;
        _choice = choice;
        _memory = memory;
        _dialer = dialer;
        _link = link;
        _control = control;
        _time = time;
        _logger = logger;
        _began = time.GetTimestamp();
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<RelayRefusedException>(),
                MaxRetryAttempts = int.MaxValue,
                DelayGenerator = _ => new((TimeSpan?)_wait),
                OnRetry = Note,
            })
            .Build();
    }

    private TimeSpan Now => _time.GetElapsedTime(_began);

    /// <summary>Runs until cancelled.</summary>
    /// <param name="receive">Called for each frame that arrives.</param>
    /// <param name="serve">Runs while a connection lives; its token is cancelled at the end.</param>
    /// <param name="ct">Ends everything.</param>
    public async Task RunAsync(Func<ReadOnlyMemory<byte>, Task> receive, Func<IRelayConnection, CancellationToken, Task> serve, CancellationToken ct)
    {
        var remembered = _memory.Load();
        try
        {
            await _pipeline.ExecuteAsync(
                async token =>
                {
                    _choice.Use(Endpoints(), remembered);
                    await ConnectAndServeAsync(receive, serve, token);
                },
                ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            _state.Off();
        }
    }

    /// <summary>Always ends with an exception: there was no connection, or it is over.</summary>
    private async Task ConnectAndServeAsync(
        Func<ReadOnlyMemory<byte>, Task> receive, Func<IRelayConnection, CancellationToken, Task> serve, CancellationToken ct)
    {
        if (_choice.Next(Now) is not { } endpoint)
        {
            _wait = _options.BackoffMaximum;
            throw new RelayRefusedException(RelayRefusal.Unreachable, "there is no address of a relay, neither in the server's notice nor as Transport:Endpoint");
        }

        Link? link = await FirstAsync(endpoint, receive, ct);
        while (link is not null)
        {
            link = await ServeAsync(link, receive, serve, ct);
        }
    }

    private async Task<Link> FirstAsync(RelayEndpoint endpoint, Func<ReadOnlyMemory<byte>, Task> receive, CancellationToken ct)
    {
        var terms = Terms(endpoint);
        _state.Connecting(endpoint, _dialer.RouteTo(endpoint), terms.Timeout);
        try
        {
            var trust = _fleet.Current;
            return new Link(endpoint, await ConnectAsync(endpoint, terms, receive, ct), trust);
        }
        catch (RelayRefusedException e)
        {
            _wait = WaitAfter(endpoint, e);
            throw;
        }
    }

    private ConnectTerms Terms(RelayEndpoint endpoint) => new(_choice.Timeout(endpoint), _link.KeepAlive(_choice.KeepAlive(endpoint)));

    private TimeSpan WaitAfter(RelayEndpoint endpoint, RelayRefusedException refused)
    {
        var wait = refused.RetryAfter is { } asked ? _choice.Held(endpoint, asked, Now) : _choice.Failed(endpoint, refused.Refusal, refused.WasSlow);
        if (refused.OtherServer is { Length: > 0 } other)
        {
            _choice.Prefer(other);
        }

        return _choice.AtLeastUntilNext(wait, Now);
    }

    /// <summary>While a change of keys is on its way, the relay knows either the old key or the new one.</summary>
    private async Task<IRelayConnection> ConnectAsync(
        RelayEndpoint endpoint, ConnectTerms terms, Func<ReadOnlyMemory<byte>, Task> receive, CancellationToken ct)
    {
        var keys = _keys.Keys;
        try
        {
            return await _connector.ConnectAsync(endpoint, terms, keys.Identity, receive, ct);
        }
        catch (RelayRefusedException e) when (e.Refusal == RelayRefusal.NotAuthorized && keys.Pending?.Identity is { } pending)
        {
            return await _connector.ConnectAsync(endpoint, terms, pending, receive, ct);
        }
    }

    /// <summary>Of the configuration, else of the server's notice; what cannot be used is passed over.</summary>
    private List<RelayEndpoint> Endpoints()
    {
        var addresses = _options.EndpointList() is { Count: > 0 } configured ? configured : _fleet.Current.Notice.Endpoints;
        var endpoints = new List<RelayEndpoint>();
        foreach (var address in addresses)
        {
            if (RelayEndpoint.TryParse(address, out var endpoint, out _))
            {
                endpoints.Add(endpoint);
            }
        }

        return endpoints;
    }

    private ValueTask Note(OnRetryArguments<object> args)
    {
        var refusal = (RelayRefusedException)args.Outcome.Exception!;
        var next = _choice.Next(Now);
        _state.Failed(refusal.Message, refusal.Refusal, args.RetryDelay, next, isAsked: refusal.RetryAfter is not null);
        Log.Waiting(_logger, refusal.Message, args.RetryDelay.TotalSeconds, next?.Address);
        return default;
    }

    /// <param name="Endpoint">Where it leads to.</param>
    /// <param name="Connection">The connection.</param>
    /// <param name="Trust">What was trusted when it was made.</param>
    private sealed record Link(RelayEndpoint Endpoint, IRelayConnection Connection, FleetTrust Trust);
}
