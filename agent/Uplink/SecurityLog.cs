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
                return [.. _total.Keys.Order(StringComparer.Ordinal).Select(reason => KeyValuePair.Create(reason, _total[reason]))];
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
            var taken = _fresh.ToArray();
            _fresh.Clear();
            return taken;
        }
    }
}
