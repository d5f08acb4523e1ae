using Messaging.Acks;
using Messaging.Epochs;
using Messaging.FleetServer.Telemetry;
using Messaging.Streams;

namespace Messaging.FleetServer.Ingest;

/// <summary>An epoch of a device in memory: its windows, and its key while it is cached.</summary>
internal sealed class OpenEpoch(EpochRow row, ITelemetryStore store)
{
    private readonly Dictionary<uint, ReplayWindow> _windows = Load(row);
    private readonly SlidingWindow _volatile = new();

    public EpochRow Row { get; } = row;

    public bool IsFinished => Row.Final is not null;

    /// <summary>Null when it has to be made again from the stored opening.</summary>
    public EpochReceiver? Key { get; set; }

    public EpochSeries Series { get; } = new(row, store);

    public IEnumerable<KeyValuePair<uint, ReplayWindow>> Windows => _windows;

    public ReplayVerdict Check(uint streamId, ulong seq) => streamId == StreamId.Volatile
        ? _volatile.Check(seq)
        : IsFinished ? ReplayVerdict.Replay : Window(streamId).Check(seq);

    public void Accept(uint streamId, ulong seq)
    {
        if (streamId == StreamId.Volatile)
        {
            _volatile.Accept(seq);
        }
        else
        {
            Window(streamId).Accept(seq);
        }
    }

    public bool MarkGap(uint streamId, ulong from, ulong to) => IsFinished || Window(streamId).MarkGap(from, to);

    /// <summary>Whether everything up to these numbers is stored or known to be lost.</summary>
    public bool Reached(IReadOnlyList<StreamSeq> last) =>
        last.All(end => end.StreamId == StreamId.Volatile || (_windows.TryGetValue(end.StreamId, out var window) && window.CumulativeThrough >= end.Seq));

    /// <summary>Also where nothing is confirmed: a device that was told more before learns from it that this server was restored.</summary>
    public EpochAck Ack() => new(Row.EpochId, Row.Final is { } final
        ? [.. final.Where(end => end.StreamId != StreamId.Volatile)]
        : [.. _windows.OrderBy(window => window.Key).Select(window => new StreamSeq(window.Key, window.Value.CumulativeThrough))]);

    public ReplayWindow Window(uint streamId)
    {
        if (!_windows.TryGetValue(streamId, out var window))
        {
            _windows.Add(streamId, window = new ReplayWindow());
        }

        return window;
    }

    private static Dictionary<uint, ReplayWindow> Load(EpochRow row)
    {
        var windows = new Dictionary<uint, ReplayWindow>();
        foreach (var (stream, state) in row.Windows)
        {
            windows.Add(stream, ReplayWindow.TryLoad(state, out var window)
                ? window
                : throw new InvalidDataException($"telemetry.db holds a damaged replay window of epoch {row.EpochId}."));
        }

        return windows;
    }
}
