using Messaging.Agent.Spool;
using Messaging.Streams;

namespace Messaging.Agent.Uplink;

/// <summary>Tells the server which records will never come, until it has confirmed to know. Thread-safe.</summary>
internal sealed class GapReporter(UplinkWriter writer, SpoolStore spool)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SpoolGap, Report> _reported = [];

    /// <summary>
    /// Frames that go before all others: behind a gap wider than the server's window, everything else would be refused until the
    /// server knows of it.
    /// </summary>
    public IReadOnlyList<byte[]> Frames
    {
        get
        {
            lock (_gate)
            {
                return [.. _reported.Values.Select(item => item.Frame)];
            }
        }
    }

    /// <summary>Reports what is new and settles what was confirmed.</summary>
    /// <returns>True when something new was reported.</returns>
    public bool Update()
    {
        lock (_gate)
        {
            foreach (var (gap, item) in _reported)
            {
                if (spool.IsAcked(item.Record))
                {
                    _reported.Remove(gap);
                    spool.RetireGap(gap);
                }
            }

            var news = false;
            foreach (var gap in spool.OutstandingGaps())
            {
                if (_reported.ContainsKey(gap))
                {
                    continue;
                }

                var content = new Gap(gap.Key.Epoch, gap.Key.Stream, gap.Range.From, gap.Range.To, gap.Reason.Text()).Encode();
                if (!writer.TryAppend(StreamId.Events, RecordType.Gap, content, out var record, out var frame))
                {
                    break;
                }

                _reported[gap] = new Report(record, frame);
                news = true;
            }

            return news;
        }
    }

    private sealed record Report(SpoolRecord Record, byte[] Frame);
}
