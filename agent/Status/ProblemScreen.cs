using Tone = Messaging.Agent.Status.ScreenWriter.Tone;

namespace Messaging.Agent.Status;

/// <summary>What is wrong and what to do about it: the end of every screen, where the eye is after a command.</summary>
internal static class ProblemScreen
{
    private const int Shown = 8;

    public static void Problems(this ScreenWriter screen, IReadOnlyList<StatusProblem> problems, DateTimeOffset now)
    {
        if (problems.Count == 0)
        {
            screen.Line("problems", "none", Tone.Good);
            return;
        }

        var label = "problems";
        foreach (var problem in problems.Take(Shown))
        {
            var since = problem.Since is { } at ? $" (for {StatusText.Span(now - at)})" : "";
            screen.Paragraph(label, $"{problem.Area}: {problem.What}{since}", Tone.Bad);
            if (problem.Do is { } advice)
            {
                screen.Paragraph("", $"-> {advice}");
            }

            label = "";
        }

        if (problems.Count > Shown)
        {
            screen.Line("", $"and {problems.Count - Shown} more (--json shows all)", Tone.Dim);
        }
    }
}
