using Messaging.Relay.Legacy;
using Messaging.Relay.Legacy.Sessions;

namespace Messaging.Relay;

/// <summary>The legacy profile as its host sees it. Thread safe.</summary>
public sealed class LegacyStatus
{
    private readonly LegacySessions _sessions;
    private readonly LegacyCounters _counters;

    internal LegacyStatus(LegacySessions sessions, LegacyCounters counters) => (_sessions, _counters) = (sessions, counters);

    /// <summary>Agents that are connected.</summary>
    public int Sessions => _sessions.Count;

    /// <summary>What happened since the start, by name.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Counters =>
    [
        KeyValuePair.Create("sessionExpired", _counters.SessionsExpired),
        KeyValuePair.Create("datagramMalformed", _counters.MalformedDatagrams),
        KeyValuePair.Create("datagramOfNoSession", _counters.UnknownSenders),
        KeyValuePair.Create("datagramDropped", _counters.DroppedDatagrams),
        KeyValuePair.Create("pushFailed", _counters.FailedPushes),
        KeyValuePair.Create("answerWithheld", _counters.WithheldAnswers),
        KeyValuePair.Create("eventLeftOut", _counters.OversizedEvents),
    ];
}
