namespace Messaging.Relay.Legacy;

/// <summary>What happened in the legacy profile since the start.</summary>
internal sealed class LegacyCounters
{
    private long _sessionsExpired;
    private long _malformedDatagrams;
    private long _unknownSenders;
    private long _droppedDatagrams;
    private long _withheldAnswers;
    private long _failedPushes;
    private long _oversizedEvents;

    /// <summary>Sessions that were over because no request came.</summary>
    public long SessionsExpired => Interlocked.Read(ref _sessionsExpired);

    /// <summary>Datagrams that are no request.</summary>
    public long MalformedDatagrams => Interlocked.Read(ref _malformedDatagrams);

    /// <summary>Datagrams of sessions that there are not.</summary>
    public long UnknownSenders => Interlocked.Read(ref _unknownSenders);

    /// <summary>Datagrams that came while as many were worked on as may be.</summary>
    public long DroppedDatagrams => Interlocked.Read(ref _droppedDatagrams);

    /// <summary>Answers that were not sent: to an address that was not seen over TCP, that had as many as it may, or that cannot be reached.</summary>
    public long WithheldAnswers => Interlocked.Read(ref _withheldAnswers);

    /// <summary>Events that came over UDP and were not stored, which nobody can be told.</summary>
    public long FailedPushes => Interlocked.Read(ref _failedPushes);

    /// <summary>Events that are larger than a datagram, left out of answers over UDP.</summary>
    public long OversizedEvents => Interlocked.Read(ref _oversizedEvents);

    public void Expired() => Interlocked.Increment(ref _sessionsExpired);

    public void Malformed() => Interlocked.Increment(ref _malformedDatagrams);

    public void Unknown() => Interlocked.Increment(ref _unknownSenders);

    public void Dropped() => Interlocked.Increment(ref _droppedDatagrams);

    public void Withheld() => Interlocked.Increment(ref _withheldAnswers);

    public void PushFailed() => Interlocked.Increment(ref _failedPushes);

    public void Oversized(int events) => Interlocked.Add(ref _oversizedEvents, events);
}
