using System.Diagnostics.CodeAnalysis;
using Messaging.Agent.Clock;
using Messaging.Agent.Collect.Kernel;
using Messaging.Agent.Configuration;
using Messaging.Agent.Events;
using Messaging.Agent.Status;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Logs.Files;

/// <summary>
/// Follows the configured files through growth, rotation by rename or by copy-and-truncate, and restarts of the agent.
/// <para>
/// A file is what its device, inode and content say, not its name. Every file has a checkpoint of its own, written with its lines,
/// so each line is handed over exactly once. Files are looked at several times a second instead of being watched: that works on
/// every file system, misses nothing, and costs one system call a file.
/// </para>
/// </summary>
internal sealed partial class FileLogSource : ILogSource, IStatusPart
{
    public const string Prefix = "file/";

    /// <summary>Its presence says that a pattern was followed before: what is new since then is read from its beginning.</summary>
    private const string MarkerPrefix = Prefix + "pattern/";

    /// <summary>A writer may go on writing to a renamed file until it is told to reopen.</summary>
    private static readonly TimeSpan DetachedGrace = TimeSpan.FromSeconds(10);

    private readonly LogOptions _options;
    private readonly IEventSink _events;
    private readonly IBootClock _boot;
    private readonly TimeProvider _time;
    private readonly ILogger<FileLogSource> _logger;
    private readonly IReadOnlyList<FileGlob> _globs;
    private readonly Lock _statusLock = new();
    private readonly Dictionary<FileIdentity, FollowedFile> _files = [];
    private readonly Dictionary<string, string> _unreadable = new(StringComparer.Ordinal);

    public FileLogSource(AgentOptions options, IEventSink events, IBootClock boot, TimeProvider time, ILogger<FileLogSource> logger)
    {
        _options = options.Logs;
        _events = events;
        _boot = boot;
        _time = time;
        _logger = logger;
        _globs = [.. _options.FileList().Select(pattern => new FileGlob(pattern))];
    }

    public string Name => "files";

    public string CheckpointPrefix => Prefix;

    public async Task RunAsync(IReadOnlyList<LogCheckpoint> checkpoints, ILogSink sink, CancellationToken ct)
    {
        if (_globs.Count == 0)
        {
            return;
        }

        var run = new Run(sink, new FilePump(sink, _boot, _time, _options.LineBytes, _options.SyncFiles == "on" ? LogFileHandle.Sync : static _ => { }));
        try
        {
            await RecoverAsync(run, checkpoints, ct);
            while (true)
            {
                await LookAsync(run, ct);
                await Task.Delay(_options.Poll, _time, ct);
            }
        }
        finally
        {
            await CloseAllAsync();
        }
    }

    /// <summary>One look at all files: what vanished, what is new, what grew.</summary>
    private async Task LookAsync(Run run, CancellationToken ct)
    {
        await HarvestAsync(run, ct);
        var present = Present();
        foreach (var file in Files())
        {
            file.IsDetached = !present.ContainsKey(file.Identity);
        }

        foreach (var (identity, path) in present)
        {
            if (!_files.ContainsKey(identity))
            {
                await OpenAsync(run, path, identity, fromTail: false, ct);
            }
        }

        foreach (var file in Files())
        {
            await FeedAsync(run, file, ct);
            if (file.IsDetached && file.IsFinished && !file.HasPartialLine && _time.GetElapsedTime(file.ChangedAt) >= DetachedGrace)
            {
                await LetGoAsync(run, file, ct);
            }
        }
    }

    /// <summary>Takes the outcomes of pumps that have ended.</summary>
    private async Task HarvestAsync(Run run, CancellationToken ct)
    {
        var replaced = new List<FollowedFile>();
        foreach (var file in Files())
        {
            if (file.Pump is not { IsCompleted: true } pump)
            {
                continue;
            }

            file.Pump = null;
            var outcome = await pump;
            file.HasPartialLine = outcome == PumpOutcome.PartialLine;
            if (outcome == PumpOutcome.Replaced)
            {
                replaced.Add(file);
            }
            else if (outcome == PumpOutcome.Unreadable)
            {
                Report("log.file.unreadable", DeviceEvent.Warning, file.Position.Path, new KeyValuePair<string, string>("reason", file.Problem ?? ""));
            }
        }

        foreach (var file in replaced)
        {
            await StartOverAsync(run, file, ct);
        }
    }

    /// <summary>Starts the pump of a file that changed, or whose last line has waited long enough for its newline.</summary>
    private async Task FeedAsync(Run run, FollowedFile file, CancellationToken ct)
    {
        if (!file.IsIdle || file.Predecessor is { IsFinished: false } || !FileStat.TryGet(file.Handle, out var stat))
        {
            return;
        }

        file.Predecessor = null;
        if (file.IsCopy && stat.Size > file.ReadLimit && !await ReconsiderCopyAsync(run, file, stat, ct))
        {
            return;
        }

        var seen = (stat.Size, stat.ModifiedNs);
        if (seen != file.Seen)
        {
            file.Seen = seen;
            file.ChangedAt = _time.GetTimestamp();
            if (file.Position.Offset >= file.ReadLimit)
            {
                return;
            }

            file.Pump = run.Pump.RunAsync(file, takePartialLine: false, ct);
        }
        else if (file.HasPartialLine && _time.GetElapsedTime(file.ChangedAt) >= _options.PartialLineAge)
        {
            file.Pump = run.Pump.RunAsync(file, takePartialLine: true, ct);
        }
    }

    /// <summary>Every matching regular file that exists; a file with two names counts once.</summary>
    private Dictionary<FileIdentity, string> Present()
    {
        var present = new Dictionary<FileIdentity, string>();
        foreach (var glob in _globs)
        {
            Present(glob, present);
        }

        return present;
    }

    private static void Present(FileGlob glob, Dictionary<FileIdentity, string> present)
    {
        var paths = new List<string>();
        glob.Find(paths);
        foreach (var path in paths)
        {
            if (FileStat.TryGet(new KernelPath(path), out var stat) && stat.IsRegularFile)
            {
                present.TryAdd(stat.Identity, path);
            }
        }
    }

    private List<FollowedFile> Files()
    {
        lock (_statusLock)
        {
            return [.. _files.Values];
        }
    }

    private void Follow(FollowedFile file)
    {
        file.ChangedAt = _time.GetTimestamp();
        lock (_statusLock)
        {
            _files[file.Identity] = file;
        }
    }

    private void Report(string name, int severity, string path, params KeyValuePair<string, string>[] details) =>
        _events.Report(new(name, severity, [new("log.file.path", path), .. details]));

    [SuppressMessage("Design", "CA1031", Justification = "What a pump ended with after its source is no longer of interest")]
    private async Task CloseAllAsync()
    {
        foreach (var file in Files())
        {
            if (file.Pump is { } pump)
            {
                await Task.WhenAny(pump);
            }

            file.Dispose();
        }

        lock (_statusLock)
        {
            _files.Clear();
        }
    }

    /// <summary>What a run works with.</summary>
    private sealed record Run(ILogSink Sink, FilePump Pump);
}
