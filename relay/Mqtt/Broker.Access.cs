using Messaging.Relay.Mqtt.Access;
using Messaging.Relay.Mqtt.Connections;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Mqtt.Sessions;
using Messaging.Relay.Users;

namespace Messaging.Relay.Mqtt;

/// <content>What follows when users change.</content>
internal sealed partial class Broker
{
    /// <summary>
    /// The users have changed: whoever is gone or has another password is ended, with what is kept of who is gone, and what is not allowed any more is not
    /// subscribed any more, and does not wait any more. The new table is in force already, so that whoever connects or subscribes meanwhile has it.
    /// </summary>
    public void Apply(UserTable users)
    {
        foreach (var (connection, _) in _connections)
        {
            if (connection.Permissions?.Update() is { } reason and not ReasonCode.Success)
            {
                if (reason == ReasonCode.NotAuthorized && connection.Session is { } session)
                {
                    session.Will = null;
                }

                connection.Close(reason);
            }
        }

        List<Session> all;
        lock (_gate)
        {
            all = [.. _sessions.Values];
        }

        var flushes = new FlushList();
        foreach (var session in all)
        {
            if (SessionKey.UserOf(session.ClientId) is not { } name)
            {
                continue;
            }

            if (users.Find(name) is { } user)
            {
                var acl = new Acl(user, SessionKey.ClientIdOf(session.ClientId));
                Restrict(session, acl);
                session.Drop(acl);
            }
            else
            {
                Expel(session, flushes);
            }
        }

        flushes.Flush();
    }

    /// <summary>Ends those of its subscriptions, and its will, that its user may not have any more.</summary>
    public void Restrict(Session session, Acl acl)
    {
        foreach (var subscription in session.Subscriptions())
        {
            if (!acl.MaySubscribe(subscription.Filter))
            {
                Counters.SubscriptionRefused();
                Unsubscribe(session, subscription.Text);
                if (session.Number != 0)
                {
                    _journal.Enqueue(() => _journal.Table.RemoveSubscription(session.Number, subscription.Text), static () => { });
                }
            }
        }

        if (session.Will is { } will && !acl.MayPublish(will.Topic))
        {
            session.Will = null;
        }
    }

    /// <summary>Its user is gone: nothing of it is kept, and its will is not published.</summary>
    private void Expel(Session session, FlushList flushes)
    {
        session.Will = null;
        lock (_gate)
        {
            if (session.Owner is not null)
            {
                // It ends with its connection.
                session.ExpirySeconds = 0;
                return;
            }

            if (!_sessions.TryGetValue(session.ClientId, out var current) || !ReferenceEquals(current, session))
            {
                return;
            }

            _sessions.Remove(session.ClientId);
        }

        End(session, flushes);
    }
}
