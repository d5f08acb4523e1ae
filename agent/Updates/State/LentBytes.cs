namespace Messaging.Agent.Updates.State;

/// <summary>
/// Which bytes of what is fetched came from neighbours, from the first to the last: when all is there and is not right, only those are fetched again. What came from repositories is not lost by what a neighbour brought.
/// </summary>
internal sealed class LentBytes
{
    /// <summary>The first.</summary>
    public long From { get; set; }

    /// <summary>After the last; not above the first: there are none.</summary>
    public long To { get; set; }

    public bool IsEmpty => To <= From;

    /// <summary>A neighbour is about to bring them; how many will be seen afterwards.</summary>
    public void Lend(long from, long to) => (From, To) = (IsEmpty ? from : Math.Min(From, from), to);

    /// <summary>There are no more than this now.</summary>
    public void Cut(long length) => To = Math.Min(To, length);

    public void Clear() => (From, To) = (0, 0);
}
