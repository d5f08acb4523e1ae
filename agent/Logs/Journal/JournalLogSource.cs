using Messaging.Agent.Clock;
using Messaging.Agent.Configuration;
using Messaging.Agent.Events;
using Messaging.Agent.Status;
using Messaging.Telemetry;
using Messaging.Wire;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Logs.Journal;

/// <summary>
/// Follows the systemd journal. The checkpoint is the cursor of the last entry handed over, so each entry comes exactly once; what
/// the journal dropped before it was read is reported as a gap.
/// </summary>
internal sealed partial class JournalLogSource : ILogSource, IStatusPart
{
    public const string Prefix = "journal/";

    private const string Key = Prefix + "system";
    private const int MaxLines = 500;
    private const int MaxCharacters = 64 * 1024;
    private const int MaxWalked = 5000;

    /// <summary>Boots that one record names.</summary>
    private const int MaxBoots = LogBatch.MaxEarlierBoots;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    /// <summary>Entries that are filtered out move the checkpoint too, but are not worth a write each.</summary>
    private static readonly TimeSpan CheckpointAge = TimeSpan.FromMinutes(1);

    private readonly LogOptions _options;
    private readonly JournalPlace _place;
    private readonly IEventSink _events;
    private readonly IBootClock _boot;
    private readonly TimeProvider _time;
    private readonly ILogger<JournalLogSource> _logger;
    private JournalState _state = new("off", null);
    private long _lines;
    private long _lastLineMs;

    public JournalLogSource(AgentOptions options, IEventSink events, IBootClock boot, TimeProvider time, ILogger<JournalLogSource> logger)
    {
        _options = options.Logs;
        _place = new JournalPlace(_options.JournalFolder);
        _events = events;
        _boot = boot;
        _time = time;
        _logger = logger;
        ThisBoot = _options.JournalFolder.Length == 0 ? boot.BootId.ToString() : null;
        OpenJournal = JournalReader.Open;
    }

    public string Name => "journal";

    public string CheckpointPrefix => Prefix;

    /// <summary>Null where the journal may be another machine's.</summary>
    internal string? ThisBoot { get; init; }

    internal Func<string, int, JournalReader> OpenJournal { get; init; }

    /// <summary>An open journal keeps files that were deleted from being freed; one that cannot be read on for this long is closed.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    public async Task RunAsync(IReadOnlyList<LogCheckpoint> checkpoints, ILogSink sink, CancellationToken ct)
    {
        if (_options.Journal == "off")
        {
            return;
        }

        var position = Restore(checkpoints);
        try
        {
            while (true)
            {
                while (_place.Problem() is { } problem)
                {
                    BecomeUnavailable(problem);
                    await Task.Delay(LookAgain, _time, ct);
                }

                // libsystemd binds a journal to one thread.
                var heldBack = await Task.Factory.StartNew(
                    () => Follow(position, sink, ct), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                await heldBack.Write;
                Count(heldBack.Lines);
                position = heldBack.Position;
            }
        }
        catch (DllNotFoundException)
        {
            BecomeUnavailable("libsystemd.so.0 is not installed");
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            _state = new("failing", e.Message);
            throw;
        }
    }

    public void Contribute(StatusBuilder status)
    {
        var (state, problem) = _state;
        if (state == "off")
        {
            return;
        }

        var last = Interlocked.Read(ref _lastLineMs);
        status.Logs.Add(new("journal", state, Interlocked.Read(ref _lines), null, last == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(last), problem));
        if (state == "failing" || (state == "unavailable" && _options.Journal == "on"))
        {
            status.Problems.Add(new("logs", $"the journal is not followed: {problem}", "Make it readable (group systemd-journal), or set Logs:Journal to off.", null));
        }
    }

    private JournalPosition? Restore(IReadOnlyList<LogCheckpoint> checkpoints)
    {
        if (checkpoints.FirstOrDefault(c => c.Key == Key) is not { } checkpoint)
        {
            return null;
        }

        var position = JournalPosition.Decode(checkpoint.Value.Span);
        if (position is null)
        {
            LogDamagedCheckpoint();
        }

        return position;
    }

    /// <summary>Reads until cancelled, or until a write takes too long: then the rest of that is the caller's.</summary>
    private HeldBack Follow(JournalPosition? position, ILogSink sink, CancellationToken ct)
    {
        using var journal = OpenJournal(_options.JournalFolder, JournalFormat.MaxFieldBytes(_options));
        using var alarm = new JournalAlarm(ct);
        var walk = new JournalWalk(journal, ThisBoot);
        if (position is null)
        {
            walk.Begin(_time.GetUtcNow() - _options.JournalInitial);
        }
        else
        {
            walk.Resume(position);
        }

        BecomeFollowing(position);
        var format = new JournalFormat(_options, _boot);
        var (written, writtenAt) = (position, _time.GetTimestamp());
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var (lines, walked, last) = Gather(journal, walk, format);
            position = last ?? position;
            var isDue = walked == MaxWalked || _time.GetElapsedTime(writtenAt) >= CheckpointAge;
            if (position is not null && (lines.Count > 0 || (position != written && isDue)))
            {
                var write = sink.WriteAsync(new LogChunk(Key, lines, position.Encode()), ct).AsTask();
                if (!((IAsyncResult)write).AsyncWaitHandle.WaitOne(Patience))
                {
                    return new HeldBack(write, lines.Count, position);
                }

                write.GetAwaiter().GetResult();
                Count(lines.Count);
                (written, writtenAt) = (position, _time.GetTimestamp());
            }
            else if (walked == 0 && journal.Wait(alarm) && position is not null)
            {
                // What was deleted may not have been read.
                walk.Resume(position);
            }
        }
    }

    /// <returns>The lines, how many entries they were chosen from, and the last of these.</returns>
    private (List<LogLine> Lines, int Walked, JournalPosition? Last) Gather(JournalReader journal, JournalWalk walk, JournalFormat format)
    {
        var lines = new List<LogLine>();
        var boots = new HashSet<BootId>();
        var (walked, characters, damaged) = (0, 0, 0);
        JournalPosition? last = null;
        string? damage = null;
        while (walked < MaxWalked && lines.Count < MaxLines && characters < MaxCharacters && boots.Count < MaxBoots)
        {
            try
            {
                if (!walk.TryNext(out var position))
                {
                    break;
                }

                walked++;
                last = position!;
                if (walk.TakeGap(last) is { } gap)
                {
                    ReportGap(gap);
                }

                if (format.Read(journal, last) is { } line)
                {
                    lines.Add(line);
                    boots.Add(line.Time.BootId);
                    characters += line.Body.Length;
                }
            }
            catch (JournalException e) when (e.IsOfEntry)
            {
                // The others are not worse for it.
                (walked, damaged, damage) = (walked + 1, damaged + 1, e.Message);
            }
        }

        if (damage is not null)
        {
            ReportDamage(damaged, damage);
        }

        return (lines, walked, last);
    }

    private void Count(int lines)
    {
        if (lines > 0)
        {
            Interlocked.Add(ref _lines, lines);
            Interlocked.Exchange(ref _lastLineMs, _time.GetUtcNow().ToUnixTimeMilliseconds());
        }
    }

    private sealed record JournalState(string State, string? Problem);

    /// <param name="Write">Still under way.</param>
    /// <param name="Lines">What it writes.</param>
    /// <param name="Position">Where to go on after it.</param>
    private sealed record HeldBack(Task Write, int Lines, JournalPosition Position);
}
