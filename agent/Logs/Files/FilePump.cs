using System.Buffers;
using Messaging.Agent.Clock;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Agent.Logs.Files;

/// <summary>Reads a followed file from its position to its end and hands the lines over in bounded chunks.</summary>
/// <param name="sink">Where the lines go.</param>
/// <param name="boot">Dates the lines.</param>
/// <param name="time">The wall clock, for the status.</param>
/// <param name="maxLineBytes">Longer lines are split.</param>
/// <param name="sync">Makes what was read of a file survive a power cut.</param>
internal sealed class FilePump(ILogSink sink, IBootClock boot, TimeProvider time, int maxLineBytes, Action<SafeFileHandle> sync)
{
    private const int BlockBytes = 64 * 1024;
    private const int MaxLines = 1000;

    private readonly LineSplitter _splitter = new(maxLineBytes);
    private readonly int _blockBytes = Math.Max(BlockBytes, maxLineBytes + 1);

    /// <param name="file">Owned until the task completes.</param>
    /// <param name="takePartialLine">Hand over a last line although it has no newline.</param>
    /// <param name="ct">Ends it between chunks; the position is right at any time.</param>
    /// <exception cref="IOException">The spool cannot be written.</exception>
    public async Task<PumpOutcome> RunAsync(FollowedFile file, bool takePartialLine, CancellationToken ct)
    {
        // What is read must not be taken back by a power cut: then the file would be shorter than what was sent of it, and nobody could tell
        // where it goes on. Synced before it is looked at, because a slow disk leaves time to replace it.
        if (!Try(file, () => SyncedEnd(file), out var end)
            || !Try(file, () => FileStat.TryGet(file.Handle, out var stat) && file.Position.Matches(file.Handle, stat.Size), out var matches))
        {
            return PumpOutcome.Unreadable;
        }

        if (!matches)
        {
            return PumpOutcome.Replaced;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(_blockBytes);
        try
        {
            while (true)
            {
                var left = Math.Min(end, file.ReadLimit) - file.Position.Offset;
                var wanted = (int)Math.Min(_blockBytes, left);
                var count = 0;
                if (wanted > 0 && !Try(file, () => RandomAccess.Read(file.Handle, buffer.AsSpan(0, wanted), file.Position.Offset), out count))
                {
                    return PumpOutcome.Unreadable;
                }

                if (count == 0)
                {
                    return PumpOutcome.AtEnd;
                }

                // A short read is the end of the file for now.
                var isEnd = count < wanted || wanted == left;
                var lines = Split(file, buffer.AsSpan(0, count), isEnd && takePartialLine, out var consumed, out var insideLine);
                if (consumed == 0)
                {
                    return PumpOutcome.PartialLine;
                }

                await HandOverAsync(file, lines, consumed, insideLine, ct);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>A file that cannot be read is its own problem; a spool that cannot be written is everybody's.</summary>
    private static bool Try<T>(FollowedFile file, Func<T> read, out T? result)
    {
        try
        {
            result = read();
            file.Problem = null;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file.Problem = e.Message;
            result = default;
            return false;
        }
    }

    /// <summary>How far the file is on its disk.</summary>
    private long SyncedEnd(FollowedFile file)
    {
        if (!FileStat.TryGet(file.Handle, out var stat))
        {
            throw new IOException("It cannot be looked at.");
        }

        if (stat.Size > file.Position.Offset)
        {
            sync(file.Handle);
        }

        return stat.Size;
    }

    private List<LogLine> Split(FollowedFile file, ReadOnlySpan<byte> block, bool isComplete, out int consumed, out bool insideLine)
    {
        var now = new LineTime(boot.BootId, (long)boot.UptimeMs, null);
        var lines = new List<LogLine>();
        consumed = 0;
        insideLine = file.Position.Flags.HasFlag(FilePositionFlags.InsideLine);
        while (lines.Count < MaxLines && consumed < block.Length && _splitter.TryNext(block[consumed..], insideLine, isComplete, out var line))
        {
            consumed += line.Bytes;
            insideLine = line.InsideLine;
            if (line.Text is { } text)
            {
                lines.Add(new(now, SeverityGuess.Of(text), file.Origin, text, LineAttributes.Of(line.Part)));
            }
        }

        return lines;
    }

    private async Task HandOverAsync(FollowedFile file, List<LogLine> lines, int consumed, bool insideLine, CancellationToken ct)
    {
        var offset = file.Position.Offset + consumed;
        var after = file.Position with
        {
            Offset = offset,
            Flags = (file.Position.Flags & ~FilePositionFlags.InsideLine) | (insideLine ? FilePositionFlags.InsideLine : FilePositionFlags.None),
            Fingerprint = FileFingerprint.Of(file.Handle, offset),
        };
        await sink.WriteAsync(new LogChunk(file.Key, lines, after.Encode()), ct);
        file.Position = after;
        file.Count(lines.Count, time.GetUtcNow());
    }
}
