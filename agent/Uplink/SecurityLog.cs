namespace Messaging.Agent.Uplink;

/// <summary>Counts what was refused, by reason: an attacker can fill neither the log nor the spool with refusals. Thread-safe.</summary>
internal sealed class SecurityLog
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _fresh = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _total = new(StringComparer.Ordinal);

    /// <summary>Since the process started.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Totals
    {
        get
        {
            lock (_gate)
            {
                var totals = new List<KeyValuePair<string, long>>(_total.Count);
                foreach (var reason in _total.Keys.Order(StringComparer.Ordinal))
                {
                    totals.Add(new(reason, _total[reason]));
                }

                return totals;
            }
        }
    }

    /// <param name="reason">One of a fixed set of words, never a word of the sender.</param>
    public void Count(string reason)
    {
        lock (_gate)
        {
            _fresh[reason] = _fresh.GetValueOrDefault(reason) + 1;
            _total[reason] = _total.GetValueOrDefault(reason) + 1;
        }
    }

    /// <summary>What came since the last call.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Take()
    {
        lock (_gate)
        {
            var taken = new List<KeyValuePair<string, long>>(_fresh);
            _fresh.Clear();
            return taken;
        }
    }
}
