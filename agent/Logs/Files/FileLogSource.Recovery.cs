using System.Globalization;
using Messaging.Agent.Collect.Kernel;
using Messaging.Agent.Events;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Agent.Logs.Files;

internal sealed partial class FileLogSource
{
    /// <summary>Takes up where the checkpoints say; finds again what was renamed, copied or replaced meanwhile.</summary>
    private async Task RecoverAsync(Run run, IReadOnlyList<LogCheckpoint> checkpoints, CancellationToken ct)
    {
        var known = checkpoints.Select(c => c.Key).ToHashSet(StringComparer.Ordinal);
        var present = Present();
        foreach (var checkpoint in checkpoints.Where(c => !c.Key.StartsWith(MarkerPrefix, StringComparison.Ordinal)))
        {
            if (!FilePosition.TryDecode(checkpoint.Value.Span, out var position))
            {
                LogDamagedCheckpoint(checkpoint.Key);
                await run.Sink.WriteAsync(new(checkpoint.Key, [], ReadOnlyMemory<byte>.Empty), ct);
            }
            else if (!TryResume(checkpoint.Key, position, present))
            {
                await ResumeElsewhereAsync(run, checkpoint.Key, position, known, ct);
            }
        }

        foreach (var file in Files())
        {
            file.IsDetached = !present.ContainsKey(file.Identity);
        }

        ChainByAge();

        // Before anything new is opened: what was truncated may have left its rest in a file that looks new.
        foreach (var file in Files().Where(f => FileStat.TryGet(f.Handle, out var stat) && !f.Position.Matches(f.Handle, stat.Size)))
        {
            await StartOverAsync(run, file, ct);
        }

        foreach (var sameName in Files().GroupBy(f => f.Position.Path, StringComparer.Ordinal))
        {
            await FollowGenerationsAsync(run, sameName.MaxBy(f => f.Number)!, ct);
        }

        foreach (var glob in _globs)
        {
            await OpenNewAsync(run, glob, isFirstTime: !known.Contains(MarkerPrefix + glob.Pattern), ct);
        }
    }

    /// <summary>What was followed under one name is read in the order in which it was written: the file that has the name now comes last.</summary>
    private void ChainByAge()
    {
        foreach (var sameName in Files().GroupBy(f => f.Position.Path, StringComparer.Ordinal))
        {
            FileStat.TryGet(new KernelPath(sameName.Key), out var current);
            FollowedFile? before = null;
            foreach (var file in sameName
                .OrderBy(f => f.Identity == current.Identity ? 1L : 0)
                .ThenBy(f => FileStat.TryGet(f.Handle, out var stat) ? stat.CreatedNs : 0))
            {
                file.BecomeNewest();
                file.Predecessor = before;
                before = file;
            }
        }
    }

    private async Task OpenNewAsync(Run run, FileGlob glob, bool isFirstTime, CancellationToken ct)
    {
        var present = new Dictionary<FileIdentity, string>();
        Present(glob, present);
        foreach (var (identity, path) in present)
        {
            if (!_files.ContainsKey(identity))
            {
                await OpenAsync(run, path, identity, fromTail: isFirstTime, ct);
            }
        }

        if (isFirstTime)
        {
            await run.Sink.WriteAsync(new(MarkerPrefix + glob.Pattern, [], new byte[] { 1 }), ct);
        }
    }

    private static IEnumerable<(string Path, FileIdentity Identity)> Candidates(string key, string path, Dictionary<FileIdentity, string> present)
    {
        foreach (var (identity, matching) in present)
        {
            if (identity.CheckpointKey == key)
            {
                yield return (matching, identity);
            }
        }

        foreach (var (beside, stat) in RotatedCopies.Siblings(path))
        {
            if (stat.Identity.CheckpointKey == key)
            {
                yield return (beside, stat.Identity);
            }
        }
    }

    /// <summary>Finds a file by its device and inode, wherever it matches or beside its old name.</summary>
    private bool TryResume(string key, FilePosition position, Dictionary<FileIdentity, string> present)
    {
        foreach (var (path, identity) in Candidates(key, position.Path, present))
        {
            if (!RotatedCopies.TryOpen(path, identity, out var handle) || !FileStat.TryGet(handle, out var stat))
            {
                continue;
            }

            // A copy was being read to the end that it had when its original was emptied; it does not grow after that.
            var limit = position.Flags.HasFlag(FilePositionFlags.Copy) ? stat.Size : long.MaxValue;
            Follow(new FollowedFile(identity, handle, position) { ReadLimit = limit });
            return true;
        }

        return false;
    }

    /// <summary>The file has another inode now (restored, moved to another file system), or its content is in a copy, or it is lost.</summary>
    private async Task ResumeElsewhereAsync(Run run, string key, FilePosition position, HashSet<string> known, CancellationToken ct)
    {
        if (FileStat.TryGet(new KernelPath(position.Path), out var stat)
            && stat.IsRegularFile
            && position.Offset > 0
            && !known.Contains(stat.Identity.CheckpointKey)
            && !_files.ContainsKey(stat.Identity)
            && RotatedCopies.TryOpen(position.Path, stat.Identity, out var handle))
        {
            if (position.Matches(handle, stat.Size))
            {
                var file = new FollowedFile(stat.Identity, handle, position);
                Follow(file);
                await run.Sink.WriteAsync(new(file.Key, [], position.Encode()), ct);
                await run.Sink.WriteAsync(new(key, [], ReadOnlyMemory<byte>.Empty), ct);
                return;
            }

            handle.Dispose();
        }

        var isRead = position.Flags.HasFlag(FilePositionFlags.Copy) || position.Offset == 0;
        var found = isRead ? null : await FindCopyAsync(run, position, default, ct);
        await run.Sink.WriteAsync(new(key, [], ReadOnlyMemory<byte>.Empty), ct);
        if (found is null && !isRead)
        {
            Report("log.file.lost", DeviceEvent.Warning, position.Path, new KeyValuePair<string, string>("read", position.Offset.ToString(CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>Opens a file that matches; what cannot be read is reported once.</summary>
    private bool TryOpenReporting(string path, FileIdentity identity, out SafeFileHandle handle)
    {
        handle = new SafeFileHandle(-1, ownsHandle: false);
        try
        {
            handle = LogFileHandle.Open(path);
        }
        catch (FileNotFoundException)
        {
            return false; // Renamed or deleted since it was found: the next look tells.
        }
        catch (IOException e)
        {
            lock (_statusLock)
            {
                if (_unreadable.TryAdd(path, e.Message))
                {
                    Report("log.file.unreadable", DeviceEvent.Warning, path, new KeyValuePair<string, string>("reason", e.Message));
                }
            }

            return false;
        }

        lock (_statusLock)
        {
            _unreadable.Remove(path);
        }

        if (FileStat.TryGet(handle, out var stat) && stat.Identity == identity)
        {
            return true;
        }

        handle.Dispose();
        return false;
    }
}
