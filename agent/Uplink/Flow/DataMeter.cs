using System.Buffers.Binary;
using System.Globalization;
using Messaging.Agent.Clock;
using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Agent.Events;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Uplink.Flow;

/// <summary>
/// Counts what goes over the relay's connections, both ways, and holds it against <c>Uplink:DailyBytes</c>. On disk is always a number that
/// was not reached yet: an agent that is killed has used that much, and one that is killed again and again no byte more than it may. Thread-safe.
/// </summary>
internal sealed partial class DataMeter
{
    private const uint Version = 1;
    private const int ContentBytes = 8 + 8 + 1;
    private const long NoDay = -1;

    /// <summary>Writes to the card on a day that uses all of its bytes.</summary>
    private const int Steps = 50;
    private const long SmallestStep = 16 * 1024;
    private readonly Lock _gate = new();
    private readonly IDisk _disk;
    private readonly string _path;
    private readonly WallClock _wall;
    private readonly IEventSink _events;
    private readonly TimeProvider _time;
    private readonly ILogger<DataMeter> _logger;
    private readonly DataDay _day;
    private readonly long _began;
    private long _reserved;
    private DataLevel _told;
    private bool _isFailing;

    public DataMeter(IDisk disk, string path, UplinkOptions options, WallClock wall, IEventSink events, TimeProvider time, ILogger<DataMeter> logger)
    {
        (_disk, _path, _wall, _events, _time, _logger) = (disk, path, wall, events, time, logger);
        Limit = options.DailyBytes;
        _began = time.GetTimestamp();
        var (number, used, told) = Limit > 0 ? Load() : (null, 0, DataLevel.Low);
        (_day, _reserved, _told) = (new DataDay(number, used, TimeSpan.Zero), used, told);
    }

    private static ReadOnlySpan<byte> Magic => "MSGDATA1"u8;

    /// <summary>Something that was let through is to wait now, or the other way round.</summary>
    public event Action? Changed;

    /// <summary>Bytes of a day; 0: as many as there are.</summary>
    public long Limit { get; }

    /// <summary>What metrics and logs may use. The rest of the limit is kept for events, reports of commands, acknowledgements and connections.</summary>
    public long BulkLimit => Limit / 10 * 9;

    /// <summary>Metrics and logs have to wait for the next day.</summary>
    public bool IsBulkHeld => Limit > 0 && Read(static meter => meter._day.Used >= meter.BulkLimit);

    /// <summary>What waits from before may use only what the part of the day that has passed has left over: today's own comes first.</summary>
    public bool IsHistoryHeld => Limit > 0 && Read(static meter => meter._day.Used >= meter.BulkLimit * meter._day.Passed(meter.Wall, meter.Now));

    /// <summary>What is used today and when the next day begins; null without a limit.</summary>
    public DataUse? Use => Limit == 0 ? null : Read(static meter => new DataUse(meter._day.Used, meter.Limit, meter._told, meter._day.Left(meter.Wall, meter.Now)));

    private TimeSpan Now => _time.GetElapsedTime(_began);

    private DateTimeOffset? Wall => _wall.UnixMs is { } now ? DateTimeOffset.FromUnixTimeMilliseconds(now) : null;

    /// <summary>So many bytes are about to go, or have come.</summary>
    public void Count(int bytes)
    {
        if (Limit == 0 || bytes <= 0)
        {
            return;
        }

        DataLevel? news;
        lock (_gate)
        {
            Turn();
            _day.Add(bytes);
            news = Judge();
            if (_day.Used > _reserved || news is not null)
            {
                Save(Math.Max(_reserved, _day.Used + Math.Max(Limit / Steps, SmallestStep)));
            }
        }

        Tell(news);
    }

    /// <summary>The exact number, at an orderly end.</summary>
    public void Save()
    {
        lock (_gate)
        {
            if (Limit > 0 && _day.Used != _reserved)
            {
                Save(_day.Used);
            }
        }
    }

    private T Read<T>(Func<DataMeter, T> what)
    {
        lock (_gate)
        {
            Turn();
            return what(this);
        }
    }

    private void Turn()
    {
        if (_day.Turn(Wall, Now))
        {
            (_reserved, _told) = (0, DataLevel.Low);
        }
    }

    /// <summary>The level, once a day.</summary>
    private DataLevel? Judge()
    {
        var level = _day.Used >= BulkLimit ? DataLevel.Reached : _day.Used >= Limit / 10 * 8 ? DataLevel.Near : DataLevel.Low;
        if (level <= _told)
        {
            return null;
        }

        _told = level;
        return level;
    }

    private void Tell(DataLevel? news)
    {
        if (news is not { } level)
        {
            return;
        }

        _events.Report(new DeviceEvent(
            level == DataLevel.Reached ? AgentEvents.DataReached : AgentEvents.DataNear,
            DeviceEvent.Warning,
            [new("used", Text(Use!.Used)), new("limit", Text(Limit)), new("secondsLeft", Text((long)Use.Left.TotalSeconds))]));
        Changed?.Invoke();
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>day i64 (-1: unknown) | bytes i64 | told u8; little endian.</summary>
    private void Save(long bytes)
    {
        Span<byte> content = stackalloc byte[ContentBytes];
        BinaryPrimitives.WriteInt64LittleEndian(content, _day.Number ?? NoDay);
        BinaryPrimitives.WriteInt64LittleEndian(content[8..], bytes);
        content[16] = (byte)_told;
        _reserved = bytes;
        try
        {
            SealedFile.Write(_disk, _path, Magic, Version, content);
            _isFailing = false;
        }
        catch (IOException e)
        {
            // What is in memory goes on counting; the next step is written again.
            if (!_isFailing)
            {
                Log.NotSaved(_logger, e.Message);
            }

            _isFailing = true;
        }
    }

    private (long? Day, long Used, DataLevel Told) Load()
    {
        try
        {
            var state = SealedFile.TryRead(_disk, _path, Magic, Version, ContentBytes, out var content);
            if (state == SealedFileState.Missing)
            {
                return (null, 0, DataLevel.Low);
            }

            if (state == SealedFileState.Whole && content.Length == ContentBytes
                && BinaryPrimitives.ReadInt64LittleEndian(content) is >= NoDay and var day
                && BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(8)) is >= 0 and var used && content[16] <= (byte)DataLevel.Reached)
            {
                return (day == NoDay ? null : day, used, (DataLevel)content[16]);
            }

            Log.Lost(_logger, state.ToString());
        }
        catch (IOException e)
        {
            Log.Lost(_logger, e.Message);
        }

        return (null, 0, DataLevel.Low);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 3150, Level = LogLevel.Warning, Message = "How much data was used today could not be stored: {Reason}")]
        public static partial void NotSaved(ILogger logger, string reason);

        [LoggerMessage(EventId = 3151, Level = LogLevel.Warning, Message = "How much data was used today is not known, and counted anew: {Reason}")]
        public static partial void Lost(ILogger logger, string reason);
    }
}
