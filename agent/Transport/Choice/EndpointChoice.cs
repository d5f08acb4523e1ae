using System.Security.Cryptography;
using System.Text;
using Messaging.Wire;

namespace Messaging.Agent.Transport.Choice;

/// <summary>
/// Which endpoint is tried next, and when. No clock, no network: it is told what happened. Attempts go in passes: the first two stay with
/// the transport that worked last (at the first start: the best one), the following ones go through all, best transport first. Within a
/// transport each device has an order of its own, so that a fleet spreads over the addresses. Not thread-safe.
/// </summary>
internal sealed class EndpointChoice(PrincipalId device, ChoiceSettings settings, Func<double> random)
{
    /// <summary>A relay that is started again is not a reason to leave its transport.</summary>
    private const int LoyalPasses = 2;
    private const int MaxSlowDoublings = 2;

    /// <summary>A link that breaks again and again after it was of use is waited for, but not for long.</summary>
    private const int PassesAfterUse = 3;
    private const int LossesBeforeHalving = 2;
    private const int LossesBeforeDemotion = 5;
    private static readonly TimeSpan EarlyLoss = TimeSpan.FromMinutes(2);

    /// <summary>How long a device that is not wanted waits, at least; the relay may only not have heard of it yet.</summary>
    private static readonly TimeSpan[] Unwanted = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)];
    private readonly Dictionary<string, EndpointHealth> _health = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan> _heldUntil = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<RelayEndpoint> _pass = [];
    private IReadOnlyList<RelayEndpoint> _endpoints = [];
    private string? _lastGood;
    private int _passNo;
    private int _refusals;
    private int _mistaken;
    private int _probes;
    private int _probeNo;

    /// <summary>The address over which a connection lasted, newest.</summary>
    public string? LastGood => _lastGood;

    /// <summary>How long a connection must live to count as a good one.</summary>
    public TimeSpan Stable => settings.Stable;

    /// <summary>Takes over the addresses; what is known of those that stay is kept.</summary>
    /// <param name="endpoints">In any order.</param>
    /// <param name="lastGood">What worked before the agent was started.</param>
    public void Use(IReadOnlyList<RelayEndpoint> endpoints, string? lastGood)
    {
        _lastGood ??= lastGood;
        var ordered = endpoints.DistinctBy(endpoint => endpoint.Address).OrderBy(endpoint => (long)endpoint.Kind).ThenBy(Place).ToList();
        if (!ordered.SequenceEqual(_endpoints))
        {
            _endpoints = ordered;
            _pass.Clear();
            (_passNo, _probes, _probeNo) = (0, 0, 0);
        }
    }

    /// <summary>The endpoint for the next attempt; null when there is none at all.</summary>
    public RelayEndpoint? Next(TimeSpan now)
    {
        if (_pass.Count == 0)
        {
            BeginPass(now);
        }

        return _pass.FirstOrDefault(endpoint => HeldFor(endpoint, now) == TimeSpan.Zero) ?? _pass.MinBy(endpoint => HeldFor(endpoint, now).Ticks);
    }

    /// <summary>
    /// A relay said when it wants to see the device again. Its host is left alone for that time, in whatever way it could be reached, and
    /// for up to as long again, so that those whom it sent away together do not come back together.
    /// </summary>
    /// <returns>How long to wait before the next attempt, which may be at another host.</returns>
    public TimeSpan Held(RelayEndpoint endpoint, TimeSpan asked, TimeSpan now)
    {
        var time = asked > RetryAfter.Longest ? RetryAfter.Longest : asked > settings.BackoffMinimum ? asked : settings.BackoffMinimum;
        _heldUntil[endpoint.Host] = now + (time * (1 + random()));
        _pass.RemoveAll(other => IsSameHost(other, endpoint));
        return AtLeastUntilNext(settings.BackoffMinimum * random(), now);
    }

    /// <summary>A relay named another one: if the fleet has it, it is the next.</summary>
    public void Prefer(string server)
    {
        if (_endpoints.FirstOrDefault(other => Names(server, other)) is { } named)
        {
            _pass.Remove(named);
            _pass.Insert(0, named);
        }
    }

    /// <summary>Not less than what a relay has asked for, if it is that relay's turn.</summary>
    public TimeSpan AtLeastUntilNext(TimeSpan wait, TimeSpan now) =>
        Next(now) is { } next && HeldFor(next, now) is var held && held > wait ? held : wait;

    /// <summary>How long an attempt may take.</summary>
    public TimeSpan Timeout(RelayEndpoint endpoint) => settings.ConnectTimeout * (1 << Math.Min(Health(endpoint).SlowAttempts, MaxSlowDoublings));

    /// <summary>How often an idle connection shows that it lives.</summary>
    public TimeSpan KeepAlive(RelayEndpoint endpoint)
    {
        var shorter = settings.KeepAlive / (1 << Health(endpoint).Halvings);
        return settings.KeepAlive < ChoiceSettings.KeepAliveMinimum || shorter > ChoiceSettings.KeepAliveMinimum
            ? shorter
            : ChoiceSettings.KeepAliveMinimum;
    }

    /// <summary>An attempt failed.</summary>
    /// <param name="endpoint">The one of <see cref="Next"/>.</param>
    /// <param name="refusal">Why.</param>
    /// <param name="wasSlow">The other end had begun to answer when the time was up.</param>
    /// <returns>How long to wait before the next attempt.</returns>
    public TimeSpan Failed(RelayEndpoint endpoint, RelayRefusal refusal, bool wasSlow)
    {
        var health = Health(endpoint);
        health.SlowAttempts = wasSlow ? health.SlowAttempts + 1 : health.SlowAttempts;
        _pass.Remove(endpoint);
        switch (refusal)
        {
            case RelayRefusal.NotAuthorized:
                StayWith(endpoint);
                return Unwanted[Math.Min(_refusals++, Unwanted.Length - 1)] * (1 + random());
            case RelayRefusal.Unavailable:
                StayWith(endpoint);
                return Backoff(_refusals++);
            case RelayRefusal.NotTheRelay:
                _mistaken++;
                break;
            default:
                break;
        }

        if (_pass.Count > 0)
        {
            return settings.BackoffMinimum * random();
        }

        var wait = Backoff(_passNo++);
        var atLeast = _mistaken > 0 ? Unwanted[Math.Min(_mistaken - 1, Unwanted.Length - 1)] * (1 + random()) : TimeSpan.Zero;
        return wait > atLeast ? wait : atLeast;
    }

    /// <summary>A connection has lasted.</summary>
    /// <returns>True when this is not the one that was known to work.</returns>
    public bool Proved(RelayEndpoint endpoint)
    {
        _pass.Clear();
        (_passNo, _refusals, _mistaken) = (0, 0, 0);
        var isNews = _lastGood != endpoint.Address;
        _lastGood = endpoint.Address;
        return isNews;
    }

    /// <summary>A connection has ended.</summary>
    /// <param name="endpoint">Its endpoint.</param>
    /// <param name="lifetime">How long it lived.</param>
    /// <param name="wasOrderly">The relay said goodbye.</param>
    /// <param name="wasUseful">Control was heard over it.</param>
    /// <param name="now">The agent's clock.</param>
    /// <returns>How long to wait before the next attempt.</returns>
    public TimeSpan Ended(RelayEndpoint endpoint, TimeSpan lifetime, bool wasOrderly, bool wasUseful, TimeSpan now)
    {
        if (wasUseful)
        {
            // Whatever ended it, relay and server are there: what happened before is no reason to wait for minutes.
            (_passNo, _refusals, _mistaken) = (Math.Min(_passNo, PassesAfterUse), 0, 0);
        }

        var health = Health(endpoint);
        health.EarlyLosses = wasOrderly || lifetime >= EarlyLoss ? 0 : health.EarlyLosses + 1;
        if (health.EarlyLosses >= LossesBeforeHalving && KeepAlive(endpoint) > ChoiceSettings.KeepAliveMinimum)
        {
            health.Halvings++;
        }

        if (lifetime >= settings.Stable)
        {
            if (health.EarlyLosses >= LossesBeforeDemotion)
            {
                Demote(health, now);
            }

            Proved(endpoint);
            return settings.BackoffMinimum * random();
        }

        if (wasOrderly)
        {
            return Failed(endpoint, RelayRefusal.Unavailable, wasSlow: false);
        }

        if (IsBetterThanLastGood(endpoint))
        {
            Demote(health, now);
        }

        return Failed(endpoint, RelayRefusal.Unreachable, wasSlow: false);
    }

    /// <summary>A better one than that which is in use, to be tried without giving that up; null when there is none.</summary>
    public RelayEndpoint? Better(RelayEndpoint current, TimeSpan now)
    {
        var better = _endpoints.Where(endpoint => endpoint.Kind < current.Kind && Health(endpoint).DemotedUntil <= now && HeldFor(endpoint, now) == TimeSpan.Zero).ToList();
        return better.Count == 0 ? null : better[_probeNo % better.Count];
    }

    /// <summary>How long after the connection, or after the last probe, the next one is due.</summary>
    public TimeSpan ProbeDelay() => ProbeTime(_probes) * (0.8 + (0.4 * random()));

    /// <summary>A probe ended.</summary>
    public void Probed(bool succeeded)
    {
        _probeNo = succeeded ? 0 : _probeNo + 1;
        _probes = succeeded ? 0 : _probes + 1;
    }

    private void BeginPass(TimeSpan now)
    {
        // Those that are to be left alone only when there is nobody else.
        var free = _endpoints.Where(endpoint => HeldFor(endpoint, now) == TimeSpan.Zero).ToList();
        var ordered = (free.Count > 0 ? free : _endpoints).OrderBy(endpoint => Health(endpoint).DemotedUntil > now ? 1L : 0).ThenBy(endpoint => endpoint.Address != _lastGood ? 1L : 0);
        var first = ordered.FirstOrDefault();
        _pass.AddRange(_passNo < LoyalPasses ? ordered.Where(endpoint => endpoint.Kind == first!.Kind) : ordered);
    }

    /// <summary>A relay that answers is not reached any better in another way.</summary>
    private void StayWith(RelayEndpoint endpoint)
    {
        _pass.RemoveAll(other => other.Kind != endpoint.Kind);
        if (_pass.Count == 0)
        {
            _pass.AddRange(_endpoints.Where(other => other.Kind == endpoint.Kind));
        }
    }

    private TimeSpan HeldFor(RelayEndpoint endpoint, TimeSpan now) =>
        _heldUntil.TryGetValue(endpoint.Host, out var until) && until > now ? until - now : TimeSpan.Zero;

    private static bool IsSameHost(RelayEndpoint one, RelayEndpoint other) => one.Host.Equals(other.Host, StringComparison.OrdinalIgnoreCase);

    private static bool Names(string server, RelayEndpoint endpoint) =>
        server.Equals(endpoint.Host, StringComparison.OrdinalIgnoreCase) || server.Equals($"{endpoint.Host}:{endpoint.Port}", StringComparison.OrdinalIgnoreCase);

    private bool IsBetterThanLastGood(RelayEndpoint endpoint) =>
        _endpoints.FirstOrDefault(other => other.Address == _lastGood) is { } good && endpoint.Kind < good.Kind;

    private void Demote(EndpointHealth health, TimeSpan now)
    {
        health.DemotedUntil = now + ProbeTime(health.Demotions++);
        health.EarlyLosses = 0;
    }

    private TimeSpan ProbeTime(int failures)
    {
        var time = settings.ProbeInterval * (1 << Math.Min(failures, 10));
        return time < settings.ProbeMaximum ? time : settings.ProbeMaximum;
    }

    /// <summary>Doubling, half of it at random, so that what failed together does not come back together.</summary>
    private TimeSpan Backoff(int number)
    {
        var wait = settings.BackoffMinimum * Math.Pow(2, Math.Min(number, 20));
        return (wait < settings.BackoffMaximum ? wait : settings.BackoffMaximum) * (0.5 + (0.5 * random()));
    }

    private EndpointHealth Health(RelayEndpoint endpoint)
    {
        if (!_health.TryGetValue(endpoint.Address, out var health))
        {
            _health[endpoint.Address] = health = new EndpointHealth();
        }

        return health;
    }

    private string Place(RelayEndpoint endpoint) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{device} {endpoint.Address}")));
}
