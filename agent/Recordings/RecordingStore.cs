using System.Globalization;
using Messaging.Agent.Commands;
using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Agent.Files;
using Messaging.Agent.Identity;
using Messaging.Agent.Uplink;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Files;
using Messaging.Recordings;
using Messaging.Sessions;
using Messaging.Wire;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Recordings;

/// <summary>
/// Recordings, from their beginning until the server has them: <c>writing/COMMAND-STARTED</c> while they are made, <c>queue/COMMAND</c> from then on.
/// One that the agent went down with is cut behind its last whole chunk, and sent as broken off. Thread-safe.
/// </summary>
internal sealed partial class RecordingStore : IFileOrigin
{
    private readonly IDisk _disk;
    private readonly string _folder;
    private readonly string _writing;
    private readonly SessionOptions _options;
    private readonly KeyStore _keys;
    private readonly FileReceipts _courier;
    private readonly TimeProvider _time;
    private readonly ILogger<RecordingStore> _logger;
    private readonly RecorderLimits _limits;
    private readonly Lock _gate = new();
    private readonly List<FileManifest> _taken = [];
    private int _open;
    private bool _isPrepared;

    /// <param name="disk">Where.</param>
    /// <param name="sources">Reads what is sent.</param>
    /// <param name="folder">The agent's own; made when it is needed.</param>
    /// <param name="options">How much there may be.</param>
    /// <param name="keys">The device's, by which recordings are signed.</param>
    /// <param name="courier">Told when there is one to send.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where recordings that were broken off are told.</param>
    public RecordingStore(
        IDisk disk, ISources sources, string folder, SessionOptions options, KeyStore keys, FileReceipts courier, TimeProvider time, ILogger<RecordingStore> logger)
    {
        (_disk, _folder, _options, _keys, _courier, _time, _logger) = (disk, folder, options, keys, courier, time, logger);
        _writing = Path.Combine(folder, "writing");
        _limits = new RecorderLimits(options.RecordBytes, options.KeepFree, () => disk.Space(folder));
        QueueFolder = Path.Combine(folder, "queue");

        // What the server does not take stays, and counts: it is for its owners to say what becomes of it.
        Queue = new FileQueue(disk, sources, QueueFolder, RejectedFolder) { MaxRejected = int.MaxValue };
    }

    public FileQueue Queue { get; }

    private string QueueFolder { get; }

    private string RejectedFolder => Path.Combine(_folder, "rejected");

    /// <summary>Null, or why no recording can begin now, for people.</summary>
    public string? Refusal()
    {
        try
        {
            Prepare();
            lock (_gate)
            {
                var held = Held();
                return held + ((_open + 1) * _options.RecordBytes) > _options.RecordQuota
                    ? $"the server does not have {OptionText.Write(held)} of recordings yet, and with another of at most {OptionText.Write(_options.RecordBytes)} (Sessions:RecordBytes) there would be more than {OptionText.Write(_options.RecordQuota)} here (Sessions:RecordQuota)"
                    : _limits.NoRoom();
            }
        }
        catch (IOException e)
        {
            return $"{_folder} cannot be used: {e.Message}";
        }
    }

    /// <summary>Begins a recording. When it returns, the beginning is on the medium.</summary>
    /// <exception cref="IOException">It cannot be recorded; the message says why.</exception>
    public Recorder Begin(CommandId command, RecordingRule rule, ShellArguments shell, long? unixMs)
    {
        if (Refusal() is { } refusal)
        {
            throw new IOException($"Shells are recorded here ({rule}), and that cannot be done: {refusal}.");
        }

        var keys = _keys.Keys;
        var path = Path.Combine(_writing, $"{command}-{unixMs ?? 0}");
        var sealer = RecordingSealer.Begin(keys.Identity, keys.Origin, keys.DeviceId, command, unixMs, rule.Recorders);
        IDiskFile? file = null;
        try
        {
            file = _disk.Open(path, create: true);
            var recorder = new Recorder(
                path, file, sealer, _limits, _time, output => CastWriter.Begin(output, shell.Size, shell.Terminal, $"shell {command} on {keys.DeviceId}", unixMs));
            _disk.SyncDirectory(_writing);
            lock (_gate)
            {
                _open++;
            }

            return recorder;
        }
        catch (IOException e)
        {
            file?.Dispose();
            sealer.Dispose();
            throw new IOException($"Shells are recorded here ({rule}), and that cannot be done: {e.Message}", e);
        }
    }

    /// <summary>Takes what a recorder made, to be sent, and says so in the result of the command.</summary>
    public CommandResult Keep(Recorder recorder, CommandResult result)
    {
        recorder.Dispose();
        lock (_gate)
        {
            _open--;
        }

        try
        {
            // What was not finished ends behind its last whole chunk: only the file knows where that is.
            var about = recorder.IsWhole ? Take(recorder.Path, recorder.Sha256, recorder.Written, true, recorder.Age) : TakeBrokenOff(recorder.Path);
            return about is null ? result : With(result, about);
        }
        catch (IOException e)
        {
            LogNotKept(recorder.Path, e.Message);
            return With(result with { State = CommandState.Failed }, recorder.Sha256, recorder.Written, $", which cannot be kept: {e.Message}");
        }
    }

    /// <summary>With what is left of the recording of a command that the agent went down with.</summary>
    public CommandResult AfterCrash(CommandId command, CommandResult unknown)
    {
        Prepare();
        return Queue.ReadAbout(IdOf(command)) is { } about ? With(unknown, about) : unknown;
    }

    public void Prepare()
    {
        lock (_gate)
        {
            if (_isPrepared)
            {
                return;
            }

            _disk.CreateDirectory(_folder);
            _disk.CreateDirectory(_writing);
            _disk.CreateDirectory(QueueFolder);
            _disk.CreateDirectory(RejectedFolder);
            _disk.SyncDirectory(_folder);
            _disk.SyncDirectory(Path.GetDirectoryName(_folder)!);
            foreach (var name in _disk.List(_writing))
            {
                if (TakeBrokenOff(Path.Combine(_writing, name)) is { } about)
                {
                    LogBrokenOff(about.Id, about.Size);
                }
            }

            _isPrepared = true;
        }
    }

    public void Look(CancellationToken ct)
    {
        // It is told of each.
    }

    public List<FileManifest> Taken()
    {
        lock (_gate)
        {
            List<FileManifest> taken = [.. _taken];
            _taken.Clear();
            return taken;
        }
    }

    public void Count(int queued)
    {
        // The quota counts bytes.
    }

    private static TransferId IdOf(CommandId command) => TransferId.TryRead(command.ToArray(), out var id) ? id : default;

    private static CommandResult With(CommandResult result, FileManifest about) =>
        With(result, about.Sha256.ToArray(), about.Size, about.Attributes[0].Value == RecordingEnd.BrokenOff ? ", broken off" : "");

    private static CommandResult With(CommandResult result, byte[] sha256, long size, string more) => result with
    {
        Message = $"{result.Message} Recording: {(sha256.Length == 0 ? "" : $"sha256 {Convert.ToHexStringLower(sha256)}, ")}{size} bytes{more}.",
        Recording = sha256.Length == 0 ? null : sha256,
    };

    /// <summary>Cuts it behind its last whole chunk. Null when it never began: there is nothing in it.</summary>
    private FileManifest? TakeBrokenOff(string path)
    {
        var isWhole = false;
        byte[] sha256;
        long length;
        using (var file = _disk.Open(path, create: false))
        {
            using var frames = new RecordingFrames(file.Read);
            RecordingFrame kind;
            do
            {
                kind = frames.Next(out _);
                isWhole |= kind == RecordingFrame.Final;
            }
            while (kind is RecordingFrame.Head or RecordingFrame.Chunk or RecordingFrame.Final);
            (length, sha256) = (frames.Length, frames.Sha256.ToArray());
            if (length > 0 && length < file.Length)
            {
                file.SetLength(length);
                file.Sync();
            }
        }

        if (length == 0)
        {
            _disk.Delete(path);
            return null;
        }

        return Take(path, sha256, length, isWhole, null);
    }

    /// <summary>Moves a recording to those that are sent. When it returns, that survives a power cut.</summary>
    private FileManifest? Take(string path, byte[] sha256, long length, bool isWhole, TimeSpan? lasted)
    {
        var name = Path.GetFileName(path);
        var dash = name.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0 || !CommandId.TryParse(name[..dash], out var command) || !long.TryParse(name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var unixMs))
        {
            // Nothing of ours has such a name.
            _disk.Delete(path);
            return null;
        }

        List<KeyValuePair<string, string>> attributes = [new(RecordingEnd.Key, isWhole ? RecordingEnd.Complete : RecordingEnd.BrokenOff)];
        if (lasted is { } span)
        {
            attributes.Add(new(RecordingEnd.LastedKey, ((long)span.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)));
        }

        var about = new FileManifest(
            IdOf(command), length, FileManifest.MinChunkSize, sha256, $"{command}.msgrec", RecordingFormat.MediaType, unixMs == 0 ? null : unixMs, attributes);
        Queue.Take(path, about);
        lock (_gate)
        {
            _taken.Add(about);
        }

        _courier.News.Set();
        return about;
    }

    /// <summary>Bytes of what the server does not have yet, but for those that are being made.</summary>
    private long Held()
    {
        var held = 0L;
        foreach (var folder in (string[])[QueueFolder, RejectedFolder])
        {
            foreach (var name in _disk.List(folder))
            {
                using var file = _disk.Open(Path.Combine(folder, name), create: false);
                held += file.Length;
            }
        }

        return held;
    }

    [LoggerMessage(EventId = 3340, Level = LogLevel.Warning, Message = "The recording of {Command} was broken off after {Bytes} bytes")]
    private partial void LogBrokenOff(TransferId command, long bytes);

    [LoggerMessage(EventId = 3341, Level = LogLevel.Error, Message = "The recording {Path} cannot be kept: {Problem}")]
    private partial void LogNotKept(string path, string problem);
}
