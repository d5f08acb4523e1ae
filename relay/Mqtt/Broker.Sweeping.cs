using Messaging.Relay.Mqtt.Connections;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Mqtt.Sessions;

namespace Messaging.Relay.Mqtt;

/// <content>What comes with time.</content>
internal sealed partial class Broker
{
    /// <summary>Once a second: who is silent, who takes nothing, which wills and sessions are due.</summary>
    public void Sweep()
    {
        var now = NowMs;
        Volatile.Write(ref _sweptAtMs, now);
        var flushes = new FlushList();
        foreach (var (connection, _) in _connections)
        {
            if (connection.Session is not { } session)
            {
                if (now - connection.AcceptedAtMs > Options.ConnectTimeout.TotalMilliseconds)
                {
                    Counters.Refused();
                    connection.Close(null);
                }
            }
            else if (connection.SilenceMs > 0 && now - connection.ReceivedAtMs > connection.SilenceMs)
            {
                connection.Close(ReasonCode.KeepAliveTimeout);
            }
            else if (connection.Outbox.WaitsSince is { } since && Time.GetElapsedTime(since) > Options.StallTimeout)
            {
                connection.Close(ReasonCode.QuotaExceeded);
            }
            else
            {
                session.Continue(flushes);
            }
        }

        SweepSessions(now, flushes);
        foreach (var topic in _retained.Sweep(now))
        {
            _journal.Retained(topic);
        }

        _journal.Sweep();
        flushes.Flush();
    }

    private void SweepSessions(long now, FlushList flushes)
    {
        List<(Session Session, WillMessage Will)>? wills = null;
        List<Session>? ended = null;
        lock (_gate)
        {
            foreach (var session in _sessions.Values)
            {
                if (session.Owner is not null)
                {
                    continue;
                }

                var isOver = now >= session.ExpiresAtMs;
                if (session.Will is { } will && (isOver || now >= session.WillAtMs))
                {
                    session.Will = null;
                    (wills ??= []).Add((session, will));
                }

                if (isOver)
                {
                    (ended ??= []).Add(session);
                }
            }

            ended?.ForEach(session => _sessions.Remove(session.ClientId));
        }

        wills?.ForEach(one => PublishWill(one.Session, one.Will, flushes));
        ended?.ForEach(session => End(session, flushes));
    }
}
