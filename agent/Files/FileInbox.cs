using System.Globalization;
using Messaging.Agent.Configuration;
using Messaging.Agent.Local;
using Messaging.Agent.Uplink;
using Messaging.Files;
using Messaging.Recordings;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Files;

/// <summary>Takes files from the folder of the programs: those that a program names on the socket at once, others when they have come to rest.</summary>
internal sealed partial class FileInbox(FileQueue queue, ISources sources, FileFolder folder, UplinkWriter writer, AgentOptions options, TimeProvider time, ILogger<FileInbox> logger) : IFileOrigin
{

    /// <summary>More wait in the folder; a program that asks is told to try again.</summary>
    public const int MaxQueued = 256;

    /// <summary>A file that was written to since may not be whole, whatever its name says.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);
    private readonly Lock _gate = new();
    private readonly List<FileManifest> _taken = [];
    private int _queued;

    public FileQueue Queue => queue;

    /// <summary>Makes the folders, with the drop folder's own mode, so that who may move a file there may do so here.</summary>
    public void Prepare()
    {
        if (!Directory.Exists(folder.Files))
        {
            Directory.CreateDirectory(folder.Files);
            File.SetUnixFileMode(folder.Files, File.GetUnixFileMode(folder.Drop));
        }

        Directory.CreateDirectory(folder.Queue, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>What was taken since the last call.</summary>
    public List<FileManifest> Taken()
    {
        lock (_gate)
        {
            List<FileManifest> taken = [.. _taken];
            _taken.Clear();
            return taken;
        }
    }

    /// <summary>So many files are queued.</summary>
    public void Count(int queued)
    {
        lock (_gate)
        {
            _queued = queued + _taken.Count;
        }
    }

    /// <summary>Takes the file that a program names.</summary>
    /// <returns>Null when it is the agent's and survives a power cut, or else why not.</returns>
    public string? Take(LocalRequest.File request, LocalSender sender)
    {
        lock (_gate)
        {
            var path = Path.Combine(folder.Files, request.Source);
            if (_queued >= MaxQueued)
            {
                return $"{MaxQueued} files wait already; try again later";
            }

            if (request.MediaType == RecordingFormat.MediaType)
            {
                return $"{RecordingFormat.MediaType} is what the agent itself records";
            }

            if (Judge(path, request.Name, out _) is { } problem)
            {
                return problem;
            }

            try
            {
                Take(path, request.Name, request.MediaType, [.. request.Attributes, sender.User, sender.Process]);
                return null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return e.Message;
            }
        }
    }

    /// <summary>Takes what is in the folder, the oldest first; what cannot be sent is moved to the rejected ones.</summary>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    public void Look(CancellationToken ct)
    {
        lock (_gate)
        {
            if (_queued >= MaxQueued)
            {
                return;
            }
        }

        var settled = time.GetUtcNow() - Rest;
        foreach (var entry in new DirectoryInfo(folder.Files).EnumerateFileSystemInfos()
            .Where(one => one.Name[0] != '.' && one.Name != Path.GetFileName(folder.Rejected))
            .OrderBy(one => one.LastWriteTimeUtc.Ticks).ThenBy(one => one.Name, StringComparer.Ordinal))
        {
            ct.ThrowIfCancellationRequested();
            lock (_gate)
            {
                if (_queued >= MaxQueued)
                {
                    return;
                }

                if (entry.LastWriteTimeUtc <= settled.UtcDateTime || entry.LastWriteTimeUtc > time.GetUtcNow().UtcDateTime)
                {
                    TakeOrReject(entry);
                }
            }
        }
    }

    private void TakeOrReject(FileSystemInfo entry)
    {
        var path = entry.FullName;
        if (Judge(path, entry.Name, out var look) is not { } problem)
        {
            try
            {
                Take(path, entry.Name, MediaTypes.Of(entry.Name), [new("local.uid", look.User.ToString(CultureInfo.InvariantCulture))]);
                return;
            }
            catch (UnauthorizedAccessException e)
            {
                problem = e.Message;
            }
        }

        if (sources.Look(path) is null)
        {
            if (entry.Name.Contains('\uFFFD', StringComparison.Ordinal))
            {
                throw new IOException($"a file in {folder.Files} has a name that is not UTF-8 (shown as {entry.Name}): rename it");
            }

            // It is gone again.
            return;
        }

        LogRejected(entry.Name, problem);
        RejectedFiles.Add(folder.Rejected, path, entry.Name, problem);
    }

    /// <returns>Null, or why the file is not sent.</returns>
    private string? Judge(string path, string name, out SourceLook look)
    {
        look = sources.Look(path) ?? default;
        if (look == default)
        {
            return $"there is no file {Path.GetFileName(path)} in {folder.Files}";
        }

        if (!look.IsRegularFile)
        {
            return "it is no file: a folder, link, pipe, socket or device is not sent";
        }

        if (look.Names > 1)
        {
            return "it has another name (a hard link), by which it could be changed: move a copy here";
        }

        if (look.Mark.Size > options.Files.MaxBytes)
        {
            return $"it has {look.Mark.Size} bytes; Files:MaxBytes is {OptionText.Write(options.Files.MaxBytes)}";
        }

        if (!FileName.IsValid(name))
        {
            return "its name has control characters or a backslash, or is too long";
        }

        return MayRead(path) ? null : "the agent may not read it: give its group the right to (chmod g+r)";
    }

    private bool MayRead(string path)
    {
        try
        {
            using var source = sources.Open(path);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void Take(string path, string name, string mediaType, IReadOnlyList<KeyValuePair<string, string>> attributes)
    {
        var about = new FileManifest(TransferId.Generate(), 0, FileManifest.MinChunkSize, new byte[32], name, mediaType, writer.WallUnixMs, attributes);
        queue.Take(path, about);
        _taken.Add(about);
        _queued++;
    }

    [LoggerMessage(EventId = 3101, Level = LogLevel.Warning, Message = "The file {Name} is rejected: {Reason}")]
    private partial void LogRejected(string name, string reason);
}
