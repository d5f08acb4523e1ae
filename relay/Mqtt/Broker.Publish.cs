using Messaging.Relay.Mqtt.Connections;
using Messaging.Relay.Mqtt.Durability;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Mqtt.Sessions;
using Messaging.Relay.Mqtt.Topics;

namespace Messaging.Relay.Mqtt;

/// <content>How messages get to their subscribers.</content>
internal sealed partial class Broker
{
    /// <summary>Passes a message on to all who have subscribed it, and keeps it if it is to be retained.</summary>
    /// <param name="from">Who publishes it.</param>
    /// <param name="route">Who gets it.</param>
    /// <param name="publication">The message.</param>
    /// <param name="flushes">What is to be sent afterwards.</param>
    /// <param name="write">What it leaves in the file, for the caller to enqueue and to wait for; null: nothing.</param>
    /// <returns>Success, or why not everything was done.</returns>
    public ReasonCode Publish(Session? from, Route route, ref Publication publication, FlushList flushes, out PublishWrite? write)
    {
        write = null;

        // What begins so is the server's own (section 4.7.2).
        if (publication.Topic.StartsWith("$"u8))
        {
            return ReasonCode.NotAuthorized;
        }

        if (publication.IsRetained && !TryRetain(ref publication, ref write))
        {
            return ReasonCode.QuotaExceeded;
        }

        var isHeard = publication.Quality == QualityOfService.ExactlyOnce
            ? DeliverExactly(from, route, ref publication, flushes, ref write)
            : Deliver(from, route, ref publication, flushes, ref write);
        return isHeard ? ReasonCode.Success : ReasonCode.NoMatchingSubscribers;
    }

    private static QualityOfService Lower(QualityOfService left, QualityOfService right) => left < right ? left : right;

    private bool Deliver(Session? from, Route route, ref Publication publication, FlushList flushes, ref PublishWrite? write)
    {
        var isHeard = false;
        foreach (ref readonly var target in route.Targets.AsSpan())
        {
            if (target.NoLocal && ReferenceEquals(target.Session, from))
            {
                continue;
            }

            isHeard = true;
            var (quality, isRetained) = (Lower(publication.Quality, target.Quality), target.RetainAsPublished && publication.IsRetained);
            var entry = Keep(target.Session, ref publication, quality, isRetained, target.Ids, ref write);
            target.Session.Deliver(ref publication, quality, isRetained, target.Ids, flushes, entry);
        }

        foreach (var shared in route.Shared)
        {
            if (shared.Choose() is { } member)
            {
                isHeard = true;
                var (quality, isRetained) = (Lower(publication.Quality, member.Options.Quality), member.Options.RetainAsPublished && publication.IsRetained);
                var entry = Keep(member.Session, ref publication, quality, isRetained, member.Ids, ref write);
                member.Session.Deliver(ref publication, quality, isRetained, member.Ids, flushes, entry);
            }
        }

        return isHeard;
    }

    /// <summary>
    /// The same for a message of QoS 2: if the file has a part in it, nobody gets it before it is there, since its publisher sends it again when it cannot be.
    /// </summary>
    private bool DeliverExactly(Session? from, Route route, ref Publication publication, FlushList flushes, ref PublishWrite? write)
    {
        var targets = new List<(Route.Target Target, QualityOfService Quality, bool IsRetained, KeptEntry? Entry)>();
        foreach (var target in route.Targets)
        {
            if (!target.NoLocal || !ReferenceEquals(target.Session, from))
            {
                Add(target, ref publication, ref write);
            }
        }

        foreach (var shared in route.Shared)
        {
            if (shared.Choose() is { } member)
            {
                Add(new Route.Target(member.Session, member.Options.Quality, NoLocal: false, member.Options.RetainAsPublished, member.Ids), ref publication, ref write);
            }
        }

        write ??= from is { IsDurable: true } ? _journal.NewPublish() : null;
        if (write is null)
        {
            foreach (var (target, quality, isRetained, entry) in targets)
            {
                target.Session.Deliver(ref publication, quality, isRetained, target.Ids, flushes, entry);
            }
        }
        else if (targets.Count > 0)
        {
            var message = publication.Store();
            write.Deliver = later =>
            {
                var stored = new Publication(message);
                foreach (var (target, quality, isRetained, entry) in targets)
                {
                    target.Session.Deliver(ref stored, quality, isRetained, target.Ids, later, entry);
                }
            };
        }

        return targets.Count > 0;

        void Add(in Route.Target target, ref Publication publication, ref PublishWrite? write)
        {
            var (quality, isRetained) = (Lower(publication.Quality, target.Quality), target.RetainAsPublished && publication.IsRetained);
            targets.Add((target, quality, isRetained, Keep(target.Session, ref publication, quality, isRetained, target.Ids, ref write)));
        }
    }

    /// <summary>A message's place in the file, if its session outlives its connections.</summary>
    private KeptEntry? Keep(Session session, ref Publication publication, QualityOfService quality, bool isRetained, uint[] ids, ref PublishWrite? write) =>
        quality > QualityOfService.AtMostOnce && session.IsDurable
            ? (write ??= _journal.NewPublish()).Add(session, publication.Store(), quality, isRetained, ids)
            : null;

    private bool TryRetain(ref Publication publication, ref PublishWrite? write)
    {
        var isChanged = publication.Payload.IsEmpty ? _retained.TryForget(publication.Topic) : _retained.TryKeep(publication.Store());
        if (isChanged && publication.Quality == QualityOfService.AtMostOnce)
        {
            // Nobody waits for it: of a flood only what is retained last is written.
            _journal.Retained(publication.Topic.ToArray());
        }
        else if (isChanged)
        {
            (write ??= _journal.NewPublish()).Retains(publication.Topic.ToArray(), publication.Payload.Length);
        }

        return isChanged || publication.Payload.IsEmpty;
    }
}
