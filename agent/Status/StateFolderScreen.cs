using Tone = Messaging.Agent.Status.ScreenWriter.Tone;

namespace Messaging.Agent.Status;

/// <summary>What is known of an agent that does not run.</summary>
internal static class StateFolderScreen
{
    public static string Render(StateFolderReport report, int width, bool isColored, DateTimeOffset now)
    {
        var screen = new ScreenWriter(width, isColored);
        screen.Paragraph("agent", (report.Running is null ? "may run or not: " : "does not run: ") + report.Reason, Tone.Bad);
        screen.Line("state", report.StateFolder + (report.Exists ? "" : " (not there, or not readable)"));
        if (report.Exists)
        {
            var device = report.Name is null ? "enrolled" : $"{report.Name} ({report.DeviceId})";
            screen.Line("device", report.Enrolled ? device : "not enrolled", report.Enrolled ? Tone.Plain : Tone.Bad);
            if (report.Server is { } server)
            {
                screen.Line("fleet", server);
            }

            screen.Line("spool", report.LastWriteAt is null ? "empty" : $"{StatusText.Bytes(report.SpoolBytes)}, last written {StatusText.Ago(report.LastWriteAt, now)}");
            if (report.EndedUncleanly)
            {
                screen.Paragraph("", "The agent was killed or the power failed. Nothing has to be repaired: it recovers when it starts.", Tone.Warning);
            }
        }

        screen.Blank();
        screen.Problems(report.Problems, now);
        return screen.ToString();
    }
}
