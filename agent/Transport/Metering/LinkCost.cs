using Messaging.Agent.Configuration;

namespace Messaging.Agent.Transport.Metering;

/// <summary>Whether the link costs money by the byte, and what follows for the times that depend on it. Thread-safe.</summary>
internal sealed class LinkCost(AgentOptions options)
{
    /// <summary>A ping of an idle connection costs some 250 bytes with all headers; relays let a device be silent for 5 minutes.</summary>
    private const int KeepAliveFactor = 8;
    private static readonly TimeSpan LongestKeepAlive = TimeSpan.FromMinutes(4);
    private volatile bool _isMetered = options.Transport.Metered == "on";
    private volatile string _source = options.Transport.Metered == "auto" ? "nobody has said yet" : "Transport:Metered";

    /// <summary>Raised by <see cref="Set"/> when <see cref="IsMetered"/> is another.</summary>
    public event Action? Changed;

    public bool IsMetered => _isMetered;

    /// <summary>Who says so.</summary>
    public string Source => _source;

    /// <summary>How long samples are gathered.</summary>
    public TimeSpan MetricsFlush => Longer(options.Uplink.MetricsFlush);

    /// <summary>The same while somebody looks at the device; what costs by the byte is not sent sooner for it.</summary>
    public TimeSpan MetricsFlushWatched =>
        !IsMetered && options.Uplink.MetricsFlushWatched < options.Uplink.MetricsFlush ? options.Uplink.MetricsFlushWatched : MetricsFlush;

    /// <summary>How long lines are gathered.</summary>
    public TimeSpan LogsFlush => Longer(options.Uplink.LogsFlush);

    /// <summary>History waits for a link that is not metered.</summary>
    public bool HoldsHistory => IsMetered && options.Uplink.MeteredHistoryRate == 0;

    /// <summary>Bytes a second of history; 0 is no limit.</summary>
    public long HistoryRate => IsMetered ? options.Uplink.MeteredHistoryRate : options.Uplink.HistoryRate;

    /// <summary>How often an idle connection shows that it lives.</summary>
    public TimeSpan KeepAlive(TimeSpan usual) =>
        !IsMetered || usual > LongestKeepAlive ? usual : usual * KeepAliveFactor < LongestKeepAlive ? usual * KeepAliveFactor : LongestKeepAlive;

    /// <summary>What somebody who knows has said.</summary>
    public void Set(bool isMetered, string source)
    {
        _source = source;
        if (_isMetered != isMetered)
        {
            _isMetered = isMetered;
            Changed?.Invoke();
        }
    }

    private TimeSpan Longer(TimeSpan flush) => IsMetered && options.Uplink.MeteredFlush > flush ? options.Uplink.MeteredFlush : flush;
}
