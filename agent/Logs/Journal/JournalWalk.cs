namespace Messaging.Agent.Logs.Journal;

/// <summary>
/// The entries after a position, each once. Between files that were not numbered together libsystemd goes by the wall clock, which is
/// wrong on a device without a battery until it has reached a time server: entries from the first seconds of a boot look older than
/// what the boot before wrote, and would be skipped. So the rest of the earlier boots comes first, then this boot from its beginning.
/// </summary>
/// <param name="journal">Where.</param>
/// <param name="thisBoot">32 hex digits; null when the journal is not this machine's: then all comes in libsystemd's order.</param>
internal sealed class JournalWalk(JournalReader journal, string? thisBoot)
{
    private DateTimeOffset? _since;
    private bool _isAmongEarlierBoots;
    private bool _isOnNext;
    private JournalPosition? _lost;

    /// <summary>Goes on with what was written since then.</summary>
    public void Begin(DateTimeOffset since)
    {
        (_since, _isAmongEarlierBoots, _isOnNext, _lost) = (since, thisBoot is not null, false, null);
        journal.Select(null);
        journal.SeekTime(since);
    }

    /// <summary>Goes on after an entry, whether it still exists or not.</summary>
    public void Resume(JournalPosition last)
    {
        (_since, _isAmongEarlierBoots) = (null, thisBoot is not null && last.BootId != thisBoot);
        journal.Select(last.BootId == thisBoot ? thisBoot : null);
        journal.Seek(last);
        _isOnNext = journal.TryNext();
        _lost = last;
        try
        {
            if (_isOnNext && journal.Position().IsSameEntry(last))
            {
                (_isOnNext, _lost) = (false, null);
            }
        }
        catch (JournalException e) when (e.IsOfEntry)
        {
            // It is told when it is come to.
        }
    }

    /// <returns>False at the end, for now.</returns>
    /// <exception cref="JournalException">The entry is damaged; the next call goes on after it.</exception>
    public bool TryNext(out JournalPosition? position)
    {
        while (true)
        {
            position = null;
            if (!_isOnNext && !journal.TryNext())
            {
                if (!_isAmongEarlierBoots)
                {
                    return false;
                }

                EnterThisBoot();
                continue;
            }

            _isOnNext = false;
            position = journal.Position();
            if (!_isAmongEarlierBoots || position.BootId != thisBoot)
            {
                return true;
            }
        }
    }

    /// <summary>What is missing between where it was resumed and the first entry since then; told once.</summary>
    public JournalGap? TakeGap(JournalPosition next)
    {
        if (_lost is not { } last)
        {
            return null;
        }

        _lost = null;
        var gap = new JournalGap(last, next);
        return gap.Entries == 0 ? null : gap;
    }

    private void EnterThisBoot()
    {
        _isAmongEarlierBoots = false;
        journal.Select(thisBoot);
        if (_since is { } since)
        {
            journal.SeekTime(since);
        }
        else
        {
            journal.SeekHead();
        }
    }
}
