using CsCheck;
using Messaging.Agent.Tests.Support;

namespace Messaging.Agent.Tests.Logs.Files;

/// <summary>Whatever happens to the files and to the agent, every line comes exactly once, and for a file without wildcard in the order of writing.</summary>
public sealed class FileLogSourceCrashTests
{
    private enum Act
    {
        Append,
        AppendHalfLine,
        Rotate,
        CrashBeforeWrite,
        CrashAfterWrite,
        Stop,
        Look,
    }

    private static readonly Gen<Act[]> Acts = Gen.Frequency(
        (6, Gen.Const(Act.Append)),
        (2, Gen.Const(Act.AppendHalfLine)),
        (4, Gen.Const(Act.Rotate)),
        (2, Gen.Const(Act.CrashBeforeWrite)),
        (2, Gen.Const(Act.CrashAfterWrite)),
        (1, Gen.Const(Act.Stop)),
        (3, Gen.Const(Act.Look))).Array[5, 40];

    [Theory]
    [InlineData("app.log", false)]
    [InlineData("app.log", true)]
    [InlineData("app*", false)]
    [InlineData("app*", true)]
    public Task Run_AnyHistory_GivesEachLineExactlyOnce(string pattern, bool byCopying) =>
        Acts.SampleAsync(acts => Play(pattern, acts, byCopying), iter: 30, threads: 1, print: acts => string.Join(' ', acts));

    private static async Task Play(string pattern, Act[] acts, bool byCopying)
    {
        await using var folder = new FollowedFolder(pattern);
        folder.Options.Logs.Poll = TimeSpan.FromMilliseconds(1);
        folder.Options.Logs.PartialLineAge = TimeSpan.FromMinutes(5);
        var written = new List<string>();
        var (half, rotation) = ("", 0);
        folder.Append("app.log", "");
        folder.Start();
        await Eventually.True(() => folder.Sink.Find("file/pattern/").Count == 1, "the first file is followed");

        foreach (var act in acts)
        {
            if (folder.HasEnded)
            {
                await folder.StopAsync();
                folder.Start();
            }

            switch (act)
            {
                case Act.Append:
                    for (var i = 0; i < 3; i++)
                    {
                        var line = $"{half}line {written.Count} {new string('x', written.Count % 90)}";
                        folder.Append("app.log", line[half.Length..] + "\n");
                        written.Add(line);
                        half = "";
                    }

                    break;
                case Act.AppendHalfLine:
                    folder.Append("app.log", "half ");
                    half += "half ";
                    break;
                case Act.Rotate when half.Length == 0 && !byCopying:
                    // File times are as coarse as the kernel's tick; rotations are not as frequent.
                    await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
                    folder.Move("app.log", $"app.log.{++rotation}");
                    folder.Append("app.log", "");
                    break;
                case Act.Rotate when half.Length == 0:
                    // What a source has not begun to read it cannot find again once it is emptied.
                    folder.Append("app.log", $"line {written.Count}\n");
                    written.Add($"line {written.Count}");
                    await CaughtUp(folder, written, act);
                    folder.Append("app.log", $"line {written.Count} before the truncation\n");
                    written.Add($"line {written.Count} before the truncation");
                    folder.CopyTruncate("app.log", $"app.log.{++rotation}");
                    await Looked(folder);
                    break;
                case Act.CrashBeforeWrite or Act.CrashAfterWrite:
                    var at = folder.Sink.Writes + 1;
                    folder.Sink.Fate = write => write != at ? SinkFate.Write : act == Act.CrashBeforeWrite ? SinkFate.CrashBefore : SinkFate.CrashAfter;
                    break;
                case Act.Stop:
                    await folder.StopAsync();
                    break;
                case Act.Look:
                    await Looked(folder);
                    break;
            }
        }

        folder.Append("app.log", "last\n");
        written.Add(half + "last");
        await CaughtUp(folder, written, Act.Look);

        // Several generations that a wildcard finds at once have no known order.
        Assert.Equal(InOrder(written), InOrder(folder.Sink.Texts));

        IEnumerable<string> InOrder(IEnumerable<string> lines) => pattern == "app.log" ? lines : lines.Order(StringComparer.Ordinal);
    }

    private static async Task CaughtUp(FollowedFolder folder, List<string> written, Act act)
    {
        folder.Sink.Fate = _ => SinkFate.Write;
        if (folder.HasEnded)
        {
            await folder.StopAsync();
            folder.Start();
        }

        await Eventually.True(
            () => folder.Sink.Lines.Count >= written.Count || folder.HasEnded,
            $"{act}: {written.Count} lines; missing {string.Join(" / ", written.Except(folder.Sink.Texts))}; events {string.Join(" ", folder.Events.Names)}",
            TimeSpan.FromSeconds(60));
        if (folder.HasEnded)
        {
            await CaughtUp(folder, written, act);
        }
    }

    private static Task Looked(FollowedFolder folder) =>
        Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
}
