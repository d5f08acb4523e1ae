using Messaging.Relay.Connections;
using Messaging.Relay.Counters;
using Messaging.Relay.Principals;
using Messaging.Wire;
using Microsoft.Extensions.Logging;
using MQTTnet.Protocol;

namespace Messaging.Relay.Routing;

/// <summary>Puts control's directory updates in force, on connected devices too, and confirms them.</summary>
internal sealed partial class DirectoryUpdater(
    PrincipalDirectory directory, SessionRegistry sessions, SessionEnder ender, MessageRouter router, RelayCounters counters, ILogger<DirectoryUpdater> logger)
{
    /// <returns>What the PUBACK says.</returns>
    public MqttPubAckReasonCode Apply(RelaySession control, ReadOnlySpan<byte> payload)
    {
        if (!DirectoryUpdate.TryDecode(payload, out var update))
        {
            counters.Count(RelayCounter.DirectoryUpdatesRefused);
            LogUnreadable(logger, control.Id);
            return MqttPubAckReasonCode.PayloadFormatInvalid;
        }

        var outcome = directory.Apply(update);
        switch (outcome)
        {
            case DirectoryOutcome.Changed:
                foreach (var entry in update.Entries)
                {
                    Recheck(sessions.FindDevice(entry.Id));
                }

                break;
            case DirectoryOutcome.Replaced:
                foreach (var session in sessions.Devices)
                {
                    Recheck(session);
                }

                LogReplaced(logger, directory.Count, directory.Version);
                break;
            case DirectoryOutcome.InvalidKey or DirectoryOutcome.OutOfOrder:
                counters.Count(RelayCounter.DirectoryUpdatesRefused);
                LogRefused(logger, update.Kind, update.Version, outcome);
                return MqttPubAckReasonCode.ImplementationSpecificError;
        }

        router.Tell(control, Topics.DirectoryAck, Topics.DirectoryAck, new DirectoryAck(update.Version, update.Kind).Encode());
        return MqttPubAckReasonCode.Success;
    }

    private void Recheck(RelaySession? session)
    {
        if (session is null)
        {
            return;
        }

        var known = directory.Find(session.Id);
        if (!session.IsStillWelcome(known))
        {
            counters.Count(RelayCounter.SessionsRevoked);
            LogCut(logger, session.Id);

            // A device that is active with another key has rotated: it may come back at once, and knows with which key.
            ender.End(session, known is { IsActive: true } ? MqttDisconnectReasonCode.AdministrativeAction : MqttDisconnectReasonCode.NotAuthorized);
        }
    }
}
