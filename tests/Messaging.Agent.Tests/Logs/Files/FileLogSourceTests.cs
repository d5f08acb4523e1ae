using System.Diagnostics;
using Messaging.Agent.Logs;
using Messaging.Agent.Status;
using Messaging.Agent.Tests.Support;

namespace Messaging.Agent.Tests.Logs.Files;

public sealed class FileLogSourceTests
{
    [Fact]
    public async Task Run_GrowingFile_GivesEachLineOnce()
    {
        await using var folder = new FollowedFolder();
        folder.Append("app.log", "one\ntwo\n");
        folder.Start();
        await folder.Lines("one", "two");

        folder.Append("app.log", "three\r\n");

        await folder.Lines("one", "two", "three");
        var line = folder.Sink.Lines[2];
        Assert.Equal(new LogOrigin(LogOriginKind.File, folder.File("app.log")), line.Source);
        Assert.Equal(new LineTime(folder.Boot.BootId, (long)folder.Boot.UptimeMs, null), line.Time);
        Assert.Null(line.Attributes);
    }

    [Fact]
    public async Task Run_DefaultPoll_ShowsALineWithinASecond()
    {
        await using var folder = new FollowedFolder();
        folder.Options.Logs.Poll = new Messaging.Agent.Configuration.LogOptions().Poll;
        folder.Append("app.log", "one\n");
        folder.Start();
        await folder.Lines("one");
        var watch = Stopwatch.StartNew();

        folder.Append("app.log", "two\n");
        await folder.Lines("one", "two");

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Run_FileThatAppearsLater_IsReadFromItsBeginning()
    {
        await using var folder = new FollowedFolder("app.log,other-*.log");
        folder.Start();
        await Eventually.True(() => Status(folder).Logs.Any(l => l.State == "missing"), "the absent file is shown");

        folder.Append("app.log", "one\n");
        folder.Append("other-1.log", "two\n");

        await Eventually.True(() => folder.Sink.Lines.Count == 2, "both lines");
        Assert.Equal(["one", "two"], folder.Sink.Texts.Order());
        Assert.All(Status(folder).Logs, l => Assert.Equal("following", l.State));
    }

    [Fact]
    public async Task Run_FirstTimeWithALongFile_ReadsOnlyItsTailFromALineOn()
    {
        await using var folder = new FollowedFolder();
        folder.Options.Logs.InitialBytes = 10;
        folder.Append("app.log", "aaaaaaaaaaaaaaa\nbbbbb\ncccc\n");
        folder.Start();

        await folder.Lines("cccc");

        var skipped = Assert.Single(folder.Events.All);
        Assert.Equal(("log.file.skipped", "22"), (skipped.Name, RecordedEvents.Attribute(skipped, "bytes")));
    }

    [Fact]
    public async Task Run_FileThatAppearedWhileTheAgentWasDown_IsReadWhole()
    {
        await using var folder = new FollowedFolder("*.log");
        folder.Options.Logs.InitialBytes = 3;
        folder.Start();
        await Eventually.True(() => folder.Sink.Find("file/pattern/").Count == 1, "the pattern is marked as known");
        await folder.StopAsync();

        folder.Append("new.log", "one\ntwo\nthree\n");
        folder.Start();

        await folder.Lines("one", "two", "three");
    }

    [Fact]
    public async Task Run_LastLineWithoutNewline_WaitsThenComesInParts()
    {
        await using var folder = new FollowedFolder();
        folder.Append("app.log", "whole\nhal");
        folder.Start();
        await folder.Lines("whole", "hal");
        Assert.Equal([new("log.line.part", "begin")], folder.Sink.Lines[1].Attributes);

        folder.Append("app.log", "f\nnext\n");

        await folder.Lines("whole", "hal", "f", "next");
        Assert.Equal([new("log.line.part", "end")], folder.Sink.Lines[2].Attributes);
    }

    [Fact]
    public async Task Run_LineThatIsWrittenInPieces_ComesWhole()
    {
        await using var folder = new FollowedFolder();
        folder.Options.Logs.PartialLineAge = TimeSpan.FromMinutes(1);
        folder.Start();
        folder.Append("app.log", "a");
        await Eventually.True(() => folder.Source!.Name.Length > 0 && Status(folder).Logs.Any(l => l.BehindBytes == 1), "the piece is seen");
        folder.Append("app.log", "b");
        folder.Append("app.log", "c\n");

        await folder.Lines("abc");
    }

    [Fact]
    public async Task Run_VeryLongLine_IsCutAndMarked()
    {
        await using var folder = new FollowedFolder();
        folder.Options.Logs.LineBytes = 1000;
        folder.Append("app.log", new string('x', 200_000) + "\nshort\n");
        folder.Start();

        await Eventually.True(() => folder.Sink.Texts.Contains("short"), "the line after it");
        Assert.Equal(200, folder.Sink.Lines.Count(l => l.Attributes is not null));
        Assert.Equal(200_000, folder.Sink.Lines.Sum(l => l.Body.Length) - "short".Length);
    }

    [Fact]
    public async Task Run_RenamedFile_IsFinishedBeforeItsSuccessor()
    {
        await using var folder = new FollowedFolder();
        folder.Sink.Gate = new TaskCompletionSource();
        folder.Append("app.log", "1\n");
        folder.Start();
        await Eventually.True(() => Status(folder).Logs.Count == 1, "the file is followed");
        folder.Append("app.log", "2\n");
        folder.Move("app.log", "app.log.1");
        folder.Append("app.log", "3\n");
        folder.Append("app.log.1", "2b\n");
        folder.Sink.Gate.SetResult();

        await folder.Lines("1", "2", "2b", "3");
        Assert.Empty(folder.Events.All);
    }

    [Fact]
    public async Task Run_RenamedFileStillWritten_IsReadAsLongAsItGrows()
    {
        await using var folder = new FollowedFolder();
        folder.Append("app.log", "1\n");
        folder.Start();
        await folder.Lines("1");
        folder.Move("app.log", "app.log.1");
        folder.Append("app.log", "3\n");
        await folder.Lines("1", "3");

        folder.Append("app.log.1", "2\n");

        await folder.Lines("1", "3", "2");
    }

    [Fact]
    public async Task Run_CopyTruncateWithLinesNotYetRead_ReadsThemInTheCopyFirst()
    {
        await using var folder = new FollowedFolder();
        folder.Append("app.log", "1\n");
        folder.Start();
        await folder.Lines("1");
        await folder.StopAsync();
        folder.Append("app.log", "2\n");
        folder.CopyTruncate("app.log", "app.log.1");
        folder.Append("app.log", "3\n4 and longer than before\n");

        folder.Start();

        await folder.Lines("1", "2", "3", "4 and longer than before");
        Assert.Equal("read from the copy", RecordedEvents.Attribute(Assert.Single(folder.Events.All), "rest"));
    }

    [Fact]
    public async Task Run_CopyTruncateWhileRunning_GoesOnAtTheBeginningWithoutDoubling()
    {
        await using var folder = new FollowedFolder("app*");
        folder.Append("app.log", "1\n2\n");
        folder.Start();
        await folder.Lines("1", "2");

        folder.CopyTruncate("app.log", "app.log.1");
        await folder.Event("log.file.truncated");
        folder.Append("app.log", "3\n");

        await folder.Lines("1", "2", "3");
    }

    [Fact]
    public async Task Run_TruncatedWithoutACopy_IsReportedAsAPossibleLoss()
    {
        await using var folder = new FollowedFolder();
        folder.Append("app.log", "1\n2\n");
        folder.Start();
        await folder.Lines("1", "2");

        folder.Truncate("app.log");
        await folder.Event("log.file.truncated");
        folder.Append("app.log", "3\n");

        await folder.Lines("1", "2", "3");
        var truncated = Assert.Single(folder.Events.All);
        Assert.Equal(13, truncated.Severity);
        Assert.Equal("4", RecordedEvents.Attribute(truncated, "read"));
    }

    [Fact]
    public async Task Run_RotatedByRenameWhileTheAgentWasDown_FinishesTheOldOne()
    {
        await using var folder = new FollowedFolder();
        folder.Append("app.log", "1\n");
        folder.Start();
        await folder.Lines("1");
        await folder.StopAsync();
        folder.Append("app.log", "2\n");
        folder.Move("app.log", "app.log.1");
        folder.Append("app.log", "3\n");

        folder.Start();

        await folder.Lines("1", "2", "3");
    }

    [Fact]
    public async Task Run_RotatedSeveralTimesWhileTheAgentWasDown_ReadsEveryGenerationInOrder()
    {
        await using var folder = new FollowedFolder();
        folder.Append("app.log", "1\n");
        folder.Append("app-errors.log", "not followed\n");
        folder.Start();
        await folder.Lines("1");
        await folder.StopAsync();
        for (var generation = 2; generation <= 4; generation++)
        {
            folder.Append("app.log", $"end of {generation - 1}\n");
            for (var number = 3; number >= 1; number--)
            {
                if (File.Exists(folder.File($"app.log.{number}")))
                {
                    folder.Move($"app.log.{number}", $"app.log.{number + 1}");
                }
            }

            folder.Move("app.log", "app.log.1");
            folder.Append("app.log", $"start of {generation}\n");
        }

        folder.Append("app-errors.log", "still not followed\n");
        folder.Start();

        await folder.Lines("1", "end of 1", "start of 2", "end of 2", "start of 3", "end of 3", "start of 4");
    }

    [Fact]
    public async Task Run_RotatedFileIsGoneWhenTheAgentComesBack_IsReportedAsLost()
    {
        await using var folder = new FollowedFolder();
        folder.Append("app.log", "1\n");
        folder.Start();
        await folder.Lines("1");
        await folder.StopAsync();
        File.Delete(folder.File("app.log"));
        folder.Append("app.log", "new\n");

        folder.Start();

        await folder.Lines("1", "new");
        // The kernel may give the new file the old one's inode: then it looks truncated.
        Assert.Contains(Assert.Single(folder.Events.Names), new[] { "log.file.lost", "log.file.truncated" });
    }

    [Fact]
    public async Task Run_DeletedFile_IsReportedAndItsCheckpointForgotten()
    {
        await using var folder = new FollowedFolder();
        var time = new FastTime(factor: 100);
        folder.Append("app.log", "1\n");
        folder.Start(time);
        await folder.Lines("1");
        Assert.Equal(2, folder.Sink.Find("file/").Count);

        File.Delete(folder.File("app.log"));

        await folder.Event("log.file.vanished");
        await Eventually.True(() => folder.Sink.Find("file/").Count == 1, "only the marker is left");
        folder.Append("app.log", "2\n");
        await folder.Lines("1", "2");
    }

    [Fact]
    public async Task Run_SameContentUnderAnotherInode_IsTheSameFile()
    {
        await using var folder = new FollowedFolder();
        folder.Append("app.log", "1\n2\n");
        folder.Start();
        await folder.Lines("1", "2");
        await folder.StopAsync();
        File.Copy(folder.File("app.log"), folder.File("restored"));
        folder.Append("restored", "3\n");
        folder.Move("restored", "app.log");

        folder.Start();

        await folder.Lines("1", "2", "3");
    }

    [Fact]
    public async Task Run_ReplacedByAnotherFileOfTheSameName_ReadsItFromItsBeginning()
    {
        await using var folder = new FollowedFolder();
        folder.Append("app.log", "1\n2\n");
        folder.Start();
        await folder.Lines("1", "2");

        folder.Append("new", "another\nfile\nwith more\n");
        folder.Move("new", "app.log");

        await folder.Lines("1", "2", "another", "file", "with more");
    }

    [Fact]
    public async Task Run_WriterThatLocksItsFile_DoesNotNotice()
    {
        await using var folder = new FollowedFolder();
        folder.Append("app.log", "1\n");
        folder.Start();
        await folder.Lines("1");

        using (var exclusive = new FileStream(folder.File("app.log"), FileMode.Append, FileAccess.Write, FileShare.None))
        {
            exclusive.Write("2\n"u8);
        }

        await folder.Lines("1", "2");
    }

    [Fact]
    public async Task Contribute_FollowedFile_SaysHowMuchItGave()
    {
        await using var folder = new FollowedFolder();
        folder.Append("app.log", "1\n");
        folder.Start();
        await folder.Lines("1");
        await Eventually.True(() => Status(folder).Logs.Single() is { State: "following", Lines: 1, BehindBytes: 0 }, "one line");

        Assert.Empty(Status(folder).Problems);
        Assert.NotNull(Status(folder).Logs.Single().LastLineAt);
    }

    [Fact]
    public async Task Run_SpoolCannotKeepUp_HoldsTheSourceBack()
    {
        await using var folder = new FollowedFolder();
        folder.Sink.Gate = new TaskCompletionSource();
        File.WriteAllLines(folder.File("app.log"), Enumerable.Range(0, 20_000).Select(i => $"line {i}"));
        folder.Options.Logs.InitialBytes = long.MaxValue;
        folder.Start();
        await Eventually.True(() => Status(folder).Logs.Count == 1, "the file is followed");
        Assert.Empty(folder.Sink.Lines);

        folder.Sink.Gate.SetResult();

        await Eventually.True(() => folder.Sink.Lines.Count == 20_000, "all lines");
        Assert.Equal(Enumerable.Range(0, 20_000).Select(i => $"line {i}"), folder.Sink.Texts);
    }

    private static StatusBuilder Status(FollowedFolder folder)
    {
        var status = new StatusBuilder();
        folder.Source!.Contribute(status);
        return status;
    }
}
