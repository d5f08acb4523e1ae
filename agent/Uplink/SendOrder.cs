using Messaging.Agent.Configuration;
using Messaging.Agent.Spool;
using Messaging.Agent.Uplink.Flow;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Uplink;

/// <summary>Which record goes next: what is collected now before the history, and both before files; each as fast as it may.</summary>
internal sealed partial class SendOrder(SpoolStore spool, UplinkWriter writer, UplinkFlow flow, AgentOptions options, TimeProvider time, ILogger<SendOrder> logger)
{
    /// <summary>Records on their way without an acknowledgement; far below the 4,096 that the server's window reaches ahead.</summary>
    public const int MaxUnacked = 1024;

    /// <summary>More unconfirmed records than this are a history; fewer go at once, in order.</summary>
    private const int Backlog = MaxUnacked / 2;

    /// <summary>What history may take of the records on their way.</summary>
    private const int MaxHistoryUnacked = MaxUnacked / 2;

    /// <summary>What files may take of them; further ones wait where they are.</summary>
    private const int MaxFilesUnacked = 16;
    private readonly TokenBucket _historyRate = new(flow.HistoryRate, time);
    private readonly FilePace _filePace = new(options.Files.Rate, options.Files.UplinkShare, time);

    /// <summary>Decides what of the spool must not keep the newest waiting.</summary>
    /// <returns>Whether there is anything.</returns>
    public bool SplitHistory(SenderPass pass)
    {
        var (newest, older) = spool.UnackedByAge();
        if (newest > Backlog && writer.TryRenew())
        {
            (newest, older) = (0, newest + older);
        }

        if (older <= Backlog || spool.NewestEpoch is not { } live)
        {
            return false;
        }

        foreach (var epoch in spool.EpochsToOpen())
        {
            if (epoch.Id != live.Id)
            {
                pass.History.Add(epoch.Id);
            }
        }

        pass.LiveBegin = live.Begin;
        LogHistory(older);
        return true;
    }

    /// <summary>When to look again though nobody calls.</summary>
    public TimeSpan Wait(SenderPass pass) => UplinkFlow.Sooner(pass.Held, flow.Recheck);

    /// <summary>True when metrics and logs may go again and have become so many that they would keep the newest waiting.</summary>
    public bool IsReleased(SenderPass pass)
    {
        var (was, isHeld) = (pass.WasHeld, flow.IsBulkHeld);
        pass.WasHeld = isHeld;
        return was && !isHeld && SplitHistory(pass);
    }

    /// <summary>What is collected now before the history, and both before files; each goes as fast as it may.</summary>
    public bool TryNext(SenderPass pass, out SpoolRecord record, out byte[] frame)
    {
        pass.Held = Timeout.InfiniteTimeSpan;
        return pass.Live.TryRead(spool, flow.IsBulkHeld, out record, out frame)
            || TryNextOfHistory(pass, out record, out frame)
            || TryNextOfFiles(pass, out record, out frame);
    }

    /// <summary>A file's record is with the relay; the line is left to others for a while.</summary>
    public void SentFile(int bytes, TimeSpan took) => _filePace.Sent(bytes, took);

    private bool TryNextOfHistory(SenderPass pass, out SpoolRecord record, out byte[] frame)
    {
        (record, frame) = (default, []);
        if (pass.History.Count == 0 || pass.HistoryUnacked >= MaxHistoryUnacked)
        {
            return false;
        }

        _historyRate.Rate = flow.HistoryRate;
        if (_historyRate.Wait is var wait && wait > TimeSpan.Zero)
        {
            pass.Held = wait;
            return false;
        }

        if (!pass.Older.TryRead(spool, flow.IsHistoryHeld, out record, out frame))
        {
            return false;
        }

        _historyRate.Take(frame.Length);
        return true;
    }

    /// <summary>What has no haste at all: it waits also where history does.</summary>
    private bool TryNextOfFiles(SenderPass pass, out SpoolRecord record, out byte[] frame)
    {
        (record, frame) = (default, []);
        if (pass.FilesUnacked >= MaxFilesUnacked || flow.IsHistoryHeld)
        {
            return false;
        }

        if (_filePace.Wait is var wait && wait > TimeSpan.Zero)
        {
            pass.Held = UplinkFlow.Sooner(pass.Held, wait);
            return false;
        }

        return spool.TryRead(ref pass.FileCursor, SenderPass.IsFile, out record, out frame);
    }

    [LoggerMessage(EventId = 3012, Level = LogLevel.Information, Message = "{Count} records wait from before: they go beside what is collected now")]
    private partial void LogHistory(long count);
}
