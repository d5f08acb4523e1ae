using Messaging.Agent.Uplink;
using Messaging.Streams;
using Messaging.Twin;

namespace Messaging.Agent.Twin;

/// <summary>
/// Tells the server how far the device is: at each start, in each new epoch (a server that was restored may have forgotten it), and when it changes.
/// A number is durable before it is used, so that it never gets a second meaning. Not thread-safe.
/// </summary>
internal sealed class TwinReporter(TwinStore store, UplinkWriter writer)
{
    private bool _isKept;
    private ulong _sent;

    /// <summary>Why the last attempt failed; null: it did not.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether the server was told by this process, or will be: it is in the spool.</summary>
    public bool IsSent(IReadOnlyList<PropertyReport> now, ulong version) =>
        _isKept && _sent == store.Told.ReportNo && store.Told.Report?.Version == version && TwinProperties.IsTold(now, store.Told.Report);

    /// <summary>The next one is sent even if it is the same.</summary>
    public void Again() => _isKept = false;

    /// <returns>False: the disk refused, and it has to be tried again.</returns>
    public bool TrySend(DesiredState state, byte[] digest, PropertyReport[] now, List<TwinProperty> properties)
    {
        var inForce = new bool[properties.Count];
        for (var i = 0; i < inForce.Length; i++)
        {
            inForce[i] = properties[i].Status.WasInForce;
        }

        var report = new TwinReport(store.Told.ReportNo + 1, state.Version, digest, writer.WallUnixMs, now);
        try
        {
            store.Keep(new TwinTold(report.ReportNo, store.Told.RestartedFor, report, inForce));
        }
        catch (IOException e)
        {
            Problem = e.Message;
            return false;
        }

        if (!writer.TryAppend(StreamId.Events, RecordType.Twin, report.Encode(), [], durable: true, out _))
        {
            Problem = "the spool does not take it";
            return false;
        }

        _sent = report.ReportNo;
        _isKept = true;
        Problem = null;
        return true;
    }
}
