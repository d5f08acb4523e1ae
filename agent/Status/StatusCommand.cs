using System.Text;
using Messaging.Agent.Configuration;

namespace Messaging.Agent.Status;

/// <summary>Asks the agent, or its state folder when it does not run, and shows the answer.</summary>
/// <param name="options">Says where the state folder is.</param>
/// <param name="known">What is wrong already, before anybody was asked.</param>
/// <param name="json">One object a line instead of a screen.</param>
/// <param name="terminal">Where to.</param>
/// <param name="time">The clock.</param>
internal sealed class StatusCommand(AgentOptions options, IReadOnlyList<StatusProblem> known, bool json, StatusTerminal terminal, TimeProvider time)
{
    public const int AllWell = 0;
    public const int HasProblems = 1;

    /// <summary>As init scripts say it.</summary>
    public const int NotRunning = 3;

    /// <summary>As init scripts say it: whoever asks may not look.</summary>
    public const int Unknown = 4;

    private const string EnterScreen = "\x1b[?1049h\x1b[?25l";
    private const string LeaveScreen = "\x1b[?25h\x1b[?1049l";
    private const string Home = "\x1b[H";
    private const string ClearLine = "\x1b[K";
    private const string ClearRest = "\x1b[J";
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(2);

    /// <returns>One of the constants above: the exit code.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var (code, text) = await AskAsync(ct);
        await terminal.Output.WriteAsync(text);
        return code;
    }

    /// <summary>Shows it again and again until cancelled; a terminal gets it in place and keeps the last one.</summary>
    /// <returns>The exit code of the last one.</returns>
    public async Task<int> WatchAsync(CancellationToken ct)
    {
        var (code, text) = (NotRunning, "");
        var inPlace = terminal.Height is not null && !json;
        if (inPlace)
        {
            await terminal.Output.WriteAsync(EnterScreen);
        }

        try
        {
            using var timer = new PeriodicTimer(WatchInterval, time);
            do
            {
                (code, text) = await AskAsync(ct);
                await terminal.Output.WriteAsync(inPlace ? InPlace(text) : text + (json ? "" : "\n"));
                await terminal.Output.FlushAsync(CancellationToken.None);
            }
            while (await timer.WaitForNextTickAsync(ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The watcher has seen enough.
        }
        finally
        {
            if (inPlace)
            {
                await terminal.Output.WriteAsync(LeaveScreen + text);
            }
        }

        return code;
    }

    private async Task<(int Code, string Text)> AskAsync(CancellationToken ct)
    {
        var (snapshot, reason, mayRun) = await StatusClient.AskAsync(options.Device.State, time, ct);
        if (snapshot is not null)
        {
            snapshot = snapshot with { Problems = [.. known, .. snapshot.Problems] };
            return (
                snapshot.Problems.Count == 0 ? AllWell : HasProblems,
                json
                    ? Line(StatusJson.Write(snapshot))
                    : StatusScreen.Render(snapshot, terminal.Width, terminal.IsColored));
        }

        var report = StateFolderReport.Inspect(options.Device.State, reason!, mayRun);
        report = report with { Problems = [.. known, .. report.Problems] };
        return (
            report.Running is null ? Unknown : NotRunning,
            json
                ? Line(StatusJson.Write(report))
                : StateFolderScreen.Render(report, terminal.Width, terminal.IsColored, time.GetUtcNow()));
    }

    private static string Line(byte[] json) => Encoding.UTF8.GetString(json) + "\n";

    /// <summary>Over the one before, without flicker; what does not fit is left out, so that nothing scrolls.</summary>
    private string InPlace(string text)
    {
        var lines = text.TrimEnd('\n').Split('\n').Take(terminal.Height!.Value);
        return Home + string.Join('\n', lines.Select(line => line + ClearLine)) + ClearRest;
    }
}
