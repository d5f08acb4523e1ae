using Messaging.Agent.Uplink;

namespace Messaging.Agent.Transport;

internal sealed partial class ConnectionKeeper
{
    private const string Moved = "the fleet's server says that it is elsewhere, or is another one";

    /// <summary>Serves a connection to its end.</summary>
    /// <returns>A better connection that was found meanwhile.</returns>
    /// <exception cref="RelayRefusedException">It ended, and there is no other.</exception>
    private async Task<Link?> ServeAsync(
        Link link, Func<ReadOnlyMemory<byte>, Task> receive, Func<IRelayConnection, CancellationToken, Task> serve, CancellationToken ct)
    {
        var began = _time.GetTimestamp();
        var proxy = _dialer.RouteTo(link.Endpoint);
        _state.Connected(link.Endpoint, proxy);
        Log.Connected(_logger, link.Endpoint.Address, link.Endpoint.Transport, proxy is null ? "" : " through " + proxy);
        await using var connection = link.Connection;
        using var life = CancellationTokenSource.CreateLinkedTokenSource(ct, connection.Ended);
        var serving = serve(connection, life.Token);
        var looking = LookForBetterAsync(link.Endpoint, receive, life.Token);
        var hasMoved = false;
        _fleet.Changed += Look;
        Look();
        await Task.WhenAny(serving, looking);
        _fleet.Changed -= Look;
        await life.CancelAsync();
        string? reason = null;
        try
        {
            await serving;
        }
        catch (Exception e) when (e is RelayRefusedException or OperationCanceledException)
        {
            // The end of a connection, seen from either side.
            reason = e.Message;
        }

        if (await looking is { } better)
        {
            if (!ct.IsCancellationRequested)
            {
                return better;
            }

            await better.Connection.DisposeAsync();
        }

        ct.ThrowIfCancellationRequested();
        if (hasMoved)
        {
            _choice.Use(Endpoints(), lastGood: null);

            // Those that hear of it together do not come together.
            _wait = _options.BackoffMinimum * Jitter.Next();
            Log.Lost(_logger, link.Endpoint.Address, Moved);
            throw new RelayRefusedException(RelayRefusal.Unavailable, $"{link.Endpoint.Address}: {Moved}");
        }

        reason = connection.EndReason ?? reason ?? "closed";
        Log.Lost(_logger, link.Endpoint.Address, reason);
        _wait = _choice.Ended(link.Endpoint, _time.GetElapsedTime(began), connection.WasOrderly, _control.WasHeardSince(began), Now);
        if (connection.RetryAfter is { } asked)
        {
            _wait = _choice.Held(link.Endpoint, asked, Now);
        }

        _wait = _choice.AtLeastUntilNext(_wait, Now);
        throw new RelayRefusedException(RelayRefusal.Unreachable, $"{link.Endpoint.Address}: the connection ended: {reason}") { RetryAfter = connection.RetryAfter };

        void Look()
        {
            if (!HasMoved(link))
            {
                return;
            }

            hasMoved = true;
            try
            {
                // It ends both tasks, and neither here: whoever brought the news may be what they wait for.
                _ = life.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // The connection has ended by itself in this moment.
            }
        }
    }

    /// <summary>
    /// Tries better transports beside the connection that works: the relay lets a device's newer connection take over, so that nothing is
    /// given up before there is something to take its place.
    /// </summary>
    /// <returns>Null when the connection ended before.</returns>
    private async Task<Link?> LookForBetterAsync(RelayEndpoint current, Func<ReadOnlyMemory<byte>, Task> receive, CancellationToken ct)
    {
        try
        {
            await Task.Delay(_choice.Stable, _time, ct);
            Remember(current);
            while (true)
            {
                var delay = _choice.ProbeDelay();
                _state.WillLook(_link.IsMetered ? null : _choice.Better(current, Now + delay), delay);
                await Task.Delay(delay, _time, ct);
                _choice.Use(Endpoints(), lastGood: null);

                // A handshake every few minutes is what a metered link has no bytes for.
                if (!_link.IsMetered && _choice.Better(current, Now) is { } better && await TryAsync(better, receive, ct) is { } link)
                {
                    return link;
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>True when the fleet's server is elsewhere now, or another one: what is connected may be a thief's.</summary>
    private bool HasMoved(Link link)
    {
        var (before, now) = (link.Trust, _fleet.Current);
        if (before.Server.Id != now.Server.Id || !before.Server.Identity.Equals(now.Server.Identity) || before.Notice.TlsPins.Count != now.Notice.TlsPins.Count)
        {
            return true;
        }

        for (var i = 0; i < now.Notice.TlsPins.Count; i++)
        {
            if (!before.Notice.TlsPins[i].AsSpan().SequenceEqual(now.Notice.TlsPins[i]))
            {
                return true;
            }
        }

        return !Endpoints().Contains(link.Endpoint);
    }

    private async Task<Link?> TryAsync(RelayEndpoint better, Func<ReadOnlyMemory<byte>, Task> receive, CancellationToken ct)
    {
        try
        {
            var trust = _fleet.Current;
            var connection = await ConnectAsync(better, Terms(better), receive, ct);
            _choice.Probed(succeeded: true);
            return new Link(better, connection, trust);
        }
        catch (RelayRefusedException e)
        {
            _choice.Probed(succeeded: false);
            if (e.RetryAfter is { } asked)
            {
                _choice.Held(better, asked, Now);
            }

            _state.NoBetter(e.Message);
            Log.ProbeFailed(_logger, better.Address, e.Message);
            return null;
        }
    }

    private void Remember(RelayEndpoint endpoint)
    {
        if (!_choice.Proved(endpoint) || _memory.Load() == endpoint.Address)
        {
            return;
        }

        try
        {
            _memory.Save(endpoint.Address);
        }
        catch (IOException e)
        {
            Log.NotStored(_logger, e.Message);
        }
    }
}
