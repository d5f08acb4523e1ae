using System.Globalization;
using Messaging.Agent.Collect.Kernel;
using Messaging.Agent.Events;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Agent.Logs.Files;

internal sealed partial class FileLogSource
{
    /// <summary>Begins to follow a file that was not known.</summary>
    /// <param name="run">The run.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="identity">What it was when it was found.</param>
    /// <param name="fromTail">Read no more of it than configuration says.</param>
    /// <param name="ct">Ends the run.</param>
    private async Task OpenAsync(Run run, string path, FileIdentity identity, bool fromTail, CancellationToken ct)
    {
        if (!TryOpenReporting(path, identity, out var handle) || !FileStat.TryGet(handle, out var stat))
        {
            return;
        }

        // Whoever had this name before was renamed.
        var predecessor = Files().Where(f => f.Position.Path == path).MaxBy(f => f.Number);
        if (predecessor is not null)
        {
            await FollowGenerationsAsync(run, predecessor, ct);
            if (_files.ContainsKey(identity))
            {
                // Rotated again just now, and found under its new name.
                handle.Dispose();
                return;
            }

            predecessor = Files().Where(f => f.Position.Path == path).MaxBy(f => f.Number);
        }

        var position = FilePosition.Start(path);
        if (predecessor is null && Files().Find(f => IsCopyOf(f, path, handle, stat.Size)) is { } original)
        {
            await FollowCopyAsync(run, new FollowedFile(identity, handle, position), stat.Size, original, ct);
            return;
        }

        if (fromTail && stat.Size > _options.InitialBytes)
        {
            var offset = TailStart(handle, stat.Size - _options.InitialBytes);
            position = position with { Offset = offset, Fingerprint = FileFingerprint.Of(handle, offset) };
            Report("log.file.skipped", DeviceEvent.Info, path, new KeyValuePair<string, string>("bytes", offset.ToString(CultureInfo.InvariantCulture)));
        }

        var file = new FollowedFile(identity, handle, position) { Predecessor = predecessor };
        Follow(file);

        // So that it is found again if it is rotated before its first line was handed over.
        await run.Sink.WriteAsync(new(file.Key, [], position.Encode()), ct);
        LogFollowing(path, position.Offset);
    }

    /// <summary>
    /// A rotation that copies and then empties the original leaves a new file with old content. It is not read, unless and as far
    /// as its original turns out to have been emptied before it was read to the end.
    /// </summary>
    private static bool IsCopyOf(FollowedFile original, string path, SafeFileHandle handle, long size)
    {
        if (original.IsCopy || original.Position.Offset == 0 || !RotatedCopies.IsNameOf(original.Position.Path, path))
        {
            return false;
        }

        // Still being copied: all there is so far is the original's.
        return original.Position.Matches(handle, size)
            || (size < original.Position.Offset && FileFingerprint.Of(handle, size) == FileFingerprint.Of(original.Handle, size));
    }

    private async Task FollowCopyAsync(Run run, FollowedFile copy, long size, FollowedFile original, CancellationToken ct)
    {
        copy.Position = copy.Position with
        {
            Offset = size,
            Flags = FilePositionFlags.Copy,
            Fingerprint = FileFingerprint.Of(copy.Handle, size),
        };
        copy.ReadLimit = size;
        if (!_files.ContainsKey(copy.Identity))
        {
            Follow(copy);
        }

        // While it is still being copied, a restart should look at it afresh.
        if (size >= original.Position.Offset)
        {
            await run.Sink.WriteAsync(new(copy.Key, [], copy.Position.Encode()), ct);
        }
    }

    /// <summary>The file no longer holds what was read of it: reads what is left in the copy that the rotation made, then it from its start.</summary>
    private async Task StartOverAsync(Run run, FollowedFile file, CancellationToken ct)
    {
        var before = file.Position;
        var copy = await FindCopyAsync(run, before, file.Identity, ct);
        file.Position = FilePosition.Start(before.Path);
        file.Predecessor = copy;
        file.Seen = (-1, 0);
        file.HasPartialLine = false;
        await run.Sink.WriteAsync(new(file.Key, [], file.Position.Encode()), ct);
        Report(
            "log.file.truncated",
            copy is null ? DeviceEvent.Warning : DeviceEvent.Info,
            before.Path,
            new("read", before.Offset.ToString(CultureInfo.InvariantCulture)),
            new("rest", copy is null ? "not found: lines written just before may be lost" : "read from the copy"));
    }

    /// <summary>
    /// Rotated more than once while nobody looked: what was created between the file that was being read and the one that has its
    /// name now.
    /// </summary>
    private async Task FollowGenerationsAsync(Run run, FollowedFile file, CancellationToken ct)
    {
        var path = file.Position.Path;
        var isMoved = !FileStat.TryGet(new KernelPath(path), out var current) || current.Identity != file.Identity;
        if (!isMoved || !FileStat.TryGet(file.Handle, out var own) || !_globs.Any(g => g.IsLiteral && g.Pattern == path))
        {
            return;
        }

        var between = RotatedCopies.Siblings(path)
            .Where(s => RotatedCopies.IsGenerationOf(path, s.Path) && s.Stat.CreatedNs >= own.CreatedNs && !_files.ContainsKey(s.Stat.Identity))
            .OrderBy(s => s.Stat.CreatedNs)
            .ThenBy(s => s.Stat.ModifiedNs);
        foreach (var (generation, stat) in between)
        {
            if (RotatedCopies.TryOpen(generation, stat.Identity, out var handle))
            {
                var next = new FollowedFile(stat.Identity, handle, FilePosition.Start(path)) { Predecessor = file, IsDetached = true };
                Follow(next);
                await run.Sink.WriteAsync(new(next.Key, [], next.Position.Encode()), ct);
                file = next;
            }
        }
    }

    /// <summary>Follows the copy of a file from where the original was read to, up to the end that it has now.</summary>
    private async Task<FollowedFile?> FindCopyAsync(Run run, FilePosition position, FileIdentity original, CancellationToken ct)
    {
        var found = RotatedCopies.Find(position, identity => identity != original && (!_files.TryGetValue(identity, out var known) || (known.IsCopy && known.IsIdle)));
        if (found is not var (stat, handle))
        {
            return null;
        }

        if (!_files.TryGetValue(stat.Identity, out var copy))
        {
            copy = new FollowedFile(stat.Identity, handle, position);
            Follow(copy);
        }
        else
        {
            handle.Dispose();
        }

        copy.Position = position with { Flags = position.Flags | FilePositionFlags.Copy };
        copy.ReadLimit = stat.Size;
        copy.Seen = (-1, 0);
        await run.Sink.WriteAsync(new(copy.Key, [], copy.Position.Encode()), ct);
        return copy;
    }

    /// <summary>Something was added to what was taken for the copy of a rotated file.</summary>
    /// <returns>False as long as that cannot be judged.</returns>
    private async Task<bool> ReconsiderCopyAsync(Run run, FollowedFile copy, FileStat stat, CancellationToken ct)
    {
        var original = Files().Find(f => !f.IsCopy && RotatedCopies.IsNameOf(f.Position.Path, copy.Position.Path));
        if (original is { IsFinished: false })
        {
            return false;
        }

        if (original is not null && original.Seen.Size >= stat.Size && FileFingerprint.Of(copy.Handle, stat.Size) == FileFingerprint.Of(original.Handle, stat.Size))
        {
            // The copying goes on.
            await FollowCopyAsync(run, copy, stat.Size, original, ct);
            return true;
        }

        // It goes its own way: a file like any other from here on.
        copy.Position = copy.Position with { Flags = copy.Position.Flags & ~FilePositionFlags.Copy };
        copy.ReadLimit = long.MaxValue;
        await run.Sink.WriteAsync(new(copy.Key, [], copy.Position.Encode()), ct);
        return true;
    }

    /// <summary>Forgets a file that is no longer where it was and has nothing left to read.</summary>
    private async Task LetGoAsync(Run run, FollowedFile file, CancellationToken ct)
    {
        await run.Sink.WriteAsync(new(file.Key, [], ReadOnlyMemory<byte>.Empty), ct);
        lock (_statusLock)
        {
            _files.Remove(file.Identity);
        }

        foreach (var successor in Files().Where(f => f.Predecessor == file))
        {
            successor.Predecessor = null;
        }

        file.Dispose();
        if (!file.IsCopy && !File.Exists(file.Position.Path))
        {
            Report("log.file.vanished", DeviceEvent.Info, file.Position.Path);
        }

        LogLetGo(file.Position.Path, file.Position.Offset);
    }

    /// <summary>The first line that begins at or after an offset.</summary>
    private static long TailStart(SafeFileHandle handle, long offset)
    {
        var buffer = new byte[4096];
        while (RandomAccess.Read(handle, buffer, offset) is var count and > 0)
        {
            var newLine = buffer.AsSpan(0, count).IndexOf((byte)'\n');
            if (newLine >= 0)
            {
                return offset + newLine + 1;
            }

            offset += count;
        }

        return offset;
    }
}
