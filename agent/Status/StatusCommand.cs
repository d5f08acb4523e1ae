using System.Text.Json;
using Messaging.Agent.Configuration;
using Tone = Messaging.Agent.Status.ScreenWriter.Tone;

namespace Messaging.Agent.Status;

/// <summary><c>messaging-agent status [--json]</c></summary>
internal static class StatusCommand
{
    public const int AllWell = 0;
    public const int HasProblems = 1;

    /// <summary>As init scripts say it.</summary>
    public const int NotRunning = 3;

    private const int FallbackWidth = 100;
    private const int MinimumWidth = 40;
    private const int MaximumWidth = 160;

    /// <returns>One of the constants above: the exit code.</returns>
    public static async Task<int> RunAsync(AgentOptions options, bool json, TextWriter output, TimeProvider time, CancellationToken ct)
    {
        var (snapshot, reason) = await StatusClient.AskAsync(options.Device.State, time, ct);
        if (snapshot is not null)
        {
            await output.WriteAsync(json ? JsonSerializer.Serialize(snapshot, StatusJsonContext.Default.StatusSnapshot) + "\n" : StatusScreen.Render(snapshot, Width(), IsColored()));
            return snapshot.Problems.Count == 0 ? AllWell : HasProblems;
        }

        var report = StateFolderReport.Inspect(options.Device.State, reason!);
        await output.WriteAsync(json ? JsonSerializer.Serialize(report, StatusJsonContext.Default.StateFolderReport) + "\n" : Render(report, Width(), IsColored(), time.GetUtcNow()));
        return NotRunning;
    }

    internal static string Render(StateFolderReport report, int width, bool isColored, DateTimeOffset now)
    {
        var screen = new ScreenWriter(width, isColored);
        screen.Paragraph("agent", $"does not run: {report.Reason}", Tone.Bad);
        screen.Line("state", report.StateFolder + (report.Exists ? "" : " (not there, or not readable)"));
        if (report.Exists)
        {
            screen.Line("device", report.Enrolled ? "enrolled" : "not enrolled", report.Enrolled ? Tone.Plain : Tone.Bad);
            screen.Line("spool", report.LastWriteAt is null ? "empty" : $"{StatusText.Bytes(report.SpoolBytes)}, last written {StatusText.Ago(report.LastWriteAt, now)}");
            if (report.EndedUncleanly)
            {
                screen.Paragraph("", "The agent was killed or the power failed. Nothing has to be repaired: it recovers when it starts.", Tone.Warning);
            }
        }

        screen.Blank();
        var label = "problems";
        foreach (var problem in report.Problems)
        {
            screen.Paragraph(label, $"{problem.Area}: {problem.What}", Tone.Bad);
            screen.Paragraph("", $"-> {problem.Do}");
            label = "";
        }

        return screen.ToString();
    }

    private static int Width() => Console.IsOutputRedirected ? FallbackWidth : Math.Clamp(Console.WindowWidth, MinimumWidth, MaximumWidth);

    private static bool IsColored() =>
        !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
}
