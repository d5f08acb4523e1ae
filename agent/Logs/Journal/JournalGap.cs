namespace Messaging.Agent.Logs.Journal;

/// <summary>What the journal dropped before it was read.</summary>
/// <param name="Last">The last entry that was handed over.</param>
/// <param name="Next">The first that is there after it.</param>
internal sealed record JournalGap(JournalPosition Last, JournalPosition Next)
{
    /// <summary>How many numbers lie between the two; users' own journals take numbers too. Null when the journal was begun anew, so that its numbers were.</summary>
    public ulong? Entries => Last.SeqnumId == Next.SeqnumId && Next.Seqnum > Last.Seqnum ? Next.Seqnum - Last.Seqnum - 1 : null;
}
