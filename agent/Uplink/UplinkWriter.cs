using System.Buffers;
using Messaging.Agent.Clock;
using Messaging.Agent.Configuration;
using Messaging.Agent.Identity;
using Messaging.Agent.Spool;
using Messaging.Agent.Trust;
using Messaging.Epochs;
using Messaging.Streams;
using Messaging.Telemetry;
using Messaging.Wire;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Uplink;

/// <summary>
/// Seals records and puts them in the spool: each once, in an epoch that this process opened itself. Thread-safe.
/// </summary>
internal sealed partial class UplinkWriter : IDisposable
{
    /// <summary>A new epoch long before the sequence numbers of a stream run out.</summary>
    private const ulong MaxRecords = 1UL << 32;

    /// <summary>Records of a stream behind the first unconfirmed one; what is not further is surely in the server's window.</summary>
    private const ulong Reach = ReplayWindow.Size / 2;
    private readonly Lock _gate = new();
    private readonly SpoolStore _spool;
    private readonly KeyStore _keys;
    private readonly FleetTrustStore _fleet;
    private readonly EpochCounter _counter;
    private readonly IBootClock _boot;
    private readonly WallClock _wall;
    private readonly TimeProvider _time;
    private readonly UplinkOptions _options;
    private readonly ILogger<UplinkWriter> _logger;
    private readonly ArrayBufferWriter<byte> _frame = new(4096);
    private EpochSender? _epoch;
    private long _openedAt;
    private EpochOrigin _origin;

    public UplinkWriter(
        SpoolStore spool,
        KeyStore keys,
        FleetTrustStore fleet,
        EpochCounter counter,
        IBootClock boot,
        WallClock wall,
        TimeProvider time,
        AgentOptions options,
        ILogger<UplinkWriter> logger)
    {
        _spool = spool;
        _keys = keys;
        _fleet = fleet;
        _counter = counter;
        _boot = boot;
        _wall = wall;
        _time = time;
        _options = options.Uplink;
        _logger = logger;
    }

    /// <summary>Raised, outside of the lock, when another epoch was opened; its frame is in the spool.</summary>
    public event Action? EpochOpened;

    /// <summary>Number of the current epoch, or null before the first.</summary>
    public ulong? EpochNo => Volatile.Read(ref _epoch)?.EpochNo;

    /// <summary>The wall clock, while it is believed.</summary>
    public long? WallUnixMs => _wall.UnixMs;

    /// <summary>This moment, for a batch that is closed now.</summary>
    public BootTime Now
    {
        get
        {
            var reading = _wall.Read();
            return new BootTime(_boot.BootId, reading.State == WallState.Believed ? reading.UnixMs : null, reading.UptimeMs);
        }
    }

    /// <summary>Opens the first epoch.</summary>
    /// <returns>False when the disk refuses.</returns>
    public bool TryOpen()
    {
        bool opened;
        lock (_gate)
        {
            opened = EnsureEpoch(out var isNew) && isNew;
        }

        Announce(opened);
        return EpochNo is not null;
    }

    /// <summary>
    /// Opens another epoch, so that what comes from now on does not wait behind what is there: windows and numbers are each epoch's own.
    /// </summary>
    /// <returns>False when the disk refuses: all goes on in the epoch that is open.</returns>
    public bool TryRenew()
    {
        bool opened;
        lock (_gate)
        {
            opened = TryOpenEpoch();
        }

        Announce(opened);
        return opened;
    }

    /// <summary>
    /// Seals a record and appends it to the spool, with the positions of the sources of its content in the same entry.
    /// </summary>
    /// <returns>False when the disk refused: the content is not in the spool.</returns>
    public bool TryAppend(
        uint stream, uint type, ReadOnlySpan<byte> content, ReadOnlySpan<Checkpoint> checkpoints, bool durable, out SpoolRecord record) =>
        TryAppend(stream, type, content, null, checkpoints, durable, out record, keepFrame: false, out _);

    /// <summary>As the other, for content that depends on the epoch: it is made under the lock, and quickly.</summary>
    public bool TryAppend(
        uint stream, uint type, Func<EpochId, ReadOnlyMemory<byte>> content, ReadOnlySpan<Checkpoint> checkpoints, bool durable, out SpoolRecord record) =>
        TryAppend(stream, type, default, content, checkpoints, durable, out record, keepFrame: false, out _);

    /// <summary>
    /// As the other, for what the server must take before all that is not confirmed yet: never so far behind a hole of its stream that the
    /// server's window does not reach it, rather as the first of a new epoch.
    /// </summary>
    /// <param name="stream">The stream.</param>
    /// <param name="type">The record's type.</param>
    /// <param name="content">The plaintext.</param>
    /// <param name="record">What it became.</param>
    /// <param name="frame">The sealed frame.</param>
    public bool TryAppend(uint stream, uint type, ReadOnlySpan<byte> content, out SpoolRecord record, out byte[] frame) =>
        TryAppend(stream, type, content, null, [], durable: true, out record, keepFrame: true, out frame);

    private bool TryAppend(
        uint stream,
        uint type,
        ReadOnlySpan<byte> content,
        Func<EpochId, ReadOnlyMemory<byte>>? make,
        ReadOnlySpan<Checkpoint> checkpoints,
        bool durable,
        out SpoolRecord record,
        bool keepFrame,
        out byte[] frame)
    {
        bool appended, opened, again = false;
        record = default;
        frame = [];
        lock (_gate)
        {
            // What can be offered again is not sealed in vain; measurements cannot, so that their loss must leave a gap.
            if (!EnsureEpoch(out opened) || (stream != StreamId.Metrics && !_spool.TryHeal()))
            {
                return false;
            }

            if (keepFrame && IsOutOfReach(stream))
            {
                again = TryOpenEpoch();
            }

            content = make is null ? content : make(_epoch!.Id).Span;
            _frame.ResetWrittenCount();
            _epoch!.Seal(stream, type, content, _frame, out var seq);
            record = new SpoolRecord(new StreamKey(_epoch.Id, stream), seq);
            appended = _spool.AppendRecord(record, _frame.WrittenSpan, checkpoints, durable);
            frame = keepFrame ? _frame.WrittenSpan.ToArray() : [];
        }

        Announce(opened || again);
        return appended;
    }

    /// <summary>Seals what is worth nothing later: it is not spooled. Null before the first epoch.</summary>
    public byte[]? SealVolatile(uint type, ReadOnlySpan<byte> content)
    {
        lock (_gate)
        {
            if (_epoch is null)
            {
                return null;
            }

            _frame.ResetWrittenCount();
            _epoch.Seal(StreamId.Volatile, type, content, _frame, out _);
            return _frame.WrittenSpan.ToArray();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _epoch?.Dispose();
            _epoch = null;
        }
    }

    private void Announce(bool opened)
    {
        if (opened)
        {
            EpochOpened?.Invoke();
        }
    }

    private bool EnsureEpoch(out bool opened)
    {
        opened = false;
        if (_epoch is { } current && _origin == EpochOrigin.Of(_keys.Keys, _fleet.Current)
            && _time.GetElapsedTime(_openedAt) < _options.EpochLifetime
            && current.LastSeq(StreamId.Metrics) < MaxRecords && current.LastSeq(StreamId.Logs) < MaxRecords
            && current.LastSeq(StreamId.Events) < MaxRecords && current.LastSeq(StreamId.Volatile) < MaxRecords
            && current.LastSeq(StreamId.Files) < MaxRecords)
        {
            return true;
        }

        opened = TryOpenEpoch();

        // A new epoch that cannot be had now is no reason to give up the old one.
        return opened || _epoch is not null;
    }

    private bool IsOutOfReach(uint stream) =>
        _epoch!.LastSeq(stream) - _spool.AckedThrough(new StreamKey(_epoch.Id, stream)) >= Reach;

    private bool TryOpenEpoch()
    {
        var keys = _keys.Keys;
        var fleet = _fleet.Current;
        if (!_spool.TryHeal())
        {
            return false;
        }

        ulong number;
        try
        {
            number = _counter.Next(_spool.NewestEpoch?.Number ?? 0);
        }
        catch (IOException e)
        {
            Log.EpochRefused(_logger, e.Message);
            return false;
        }

        var (previous, last) = Previous();
        var parameters = new EpochParameters(
            number, _boot.BootId, _boot.UptimeMs, WallUnixMs, fleet.Notice.Number, previous, previous is null ? null : last);
        var epoch = EpochSender.Open(keys.Identity, keys.DeviceId, parameters, [fleet.ServerHpke]);
        if (!_spool.AppendEpoch(epoch.Id, number, epoch.OpenFrame.Span))
        {
            epoch.Dispose();
            return false;
        }

        _epoch?.Dispose();
        Volatile.Write(ref _epoch, epoch);
        _origin = EpochOrigin.Of(keys, fleet);
        _openedAt = _time.GetTimestamp();
        Log.EpochOpened(_logger, number);
        return true;
    }

    /// <summary>The epoch before and the last numbers of its streams that the server is to wait for.</summary>
    private (EpochId? Id, IReadOnlyList<StreamSeq> Last) Previous()
    {
        var last = new List<StreamSeq>();
        if (_epoch is { } current)
        {
            foreach (var item in current.LastSeqs())
            {
                if (item.StreamId != StreamId.Volatile)
                {
                    last.Add(item);
                }
            }

            return (current.Id, last);
        }

        if (_spool.NewestEpoch is not { } stored)
        {
            return (null, last);
        }

        foreach (var (stream, seq) in stored.LastSeq)
        {
            last.Add(new StreamSeq(stream, seq));
        }

        return (stored.Id, last);
    }
}
