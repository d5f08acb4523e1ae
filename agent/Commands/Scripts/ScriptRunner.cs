using Messaging.Agent.Configuration;
using Messaging.Commands;

namespace Messaging.Agent.Commands.Scripts;

/// <summary>Runs a script for a command, and says what came of it.</summary>
internal sealed class ScriptRunner(ScriptProcess process, AgentOptions options)
{
    private const long MiB = 1024 * 1024;

    /// <summary>Null, or why arguments and limits are not taken, for people.</summary>
    public string? Check(IReadOnlyList<string> arguments, RunLimits limits)
    {
        foreach (var argument in arguments)
        {
            if (argument.Contains('\0', StringComparison.Ordinal))
            {
                return "An argument of a script cannot hold a zero character.";
            }
        }

        return ScriptLimits.Check(options.Commands, limits);
    }

    /// <summary>How much it could take, in a few words.</summary>
    public string Describe(RunLimits asked)
    {
        var limits = ScriptLimits.Of(options.Commands, asked);
        var memory = limits.Memory > 0 ? $", {limits.Memory / MiB} MiB of memory" : "";
        var processes = limits.Processes > 0 ? $", {limits.Processes} processes" : "";
        var cpu = limits.CpuPermille > 0 ? $", {limits.CpuPermille / 10.0:0.#} % of a processor" : "";
        return $"for at most {limits.Time.TotalSeconds:0} s{memory}{processes}{cpu}";
    }

    /// <param name="path">The program.</param>
    /// <param name="arguments">Passed as they are.</param>
    /// <param name="asked">The command's own limits.</param>
    /// <param name="context">The command.</param>
    /// <param name="ct">Kills it.</param>
    public async Task<CommandResult> RunAsync(string path, IReadOnlyList<string> arguments, RunLimits asked, CommandContext context, CancellationToken ct)
    {
        var limits = ScriptLimits.Of(options.Commands, asked);
        if (asked.OutputBytes is { } bytes)
        {
            context.Output.Lower(bytes);
        }

        var order = new ScriptOrder
        {
            Path = path,
            Arguments = arguments,
            Limits = limits,
            TailBytes = (int)Math.Min(options.Commands.OutputBytes, CommandReport.MaxOutputBytes),
            Grace = options.Commands.StopGrace,
            Name = context.Id.ToString(),
        };
        var run = await process.RunAsync(order, context.Output, context.Cancelled, ct);
        var state = run.End == ScriptEnd.Cancelled ? CommandState.Cancelled : run is { End: ScriptEnd.Exited, ExitCode: 0 } ? CommandState.Done : CommandState.Failed;
        return new CommandResult(state, Say(run, limits), run.End == ScriptEnd.Exited ? run.ExitCode : null, run.Output, run.OutputTruncated);
    }

    private string Say(in ScriptRun run, ScriptLimits limits)
    {
        var stopped = run.WasKilled ? $"Killed, as it did not end within {options.Commands.StopGrace.TotalSeconds:0.#} s" : "Stopped";
        var what = run.End switch
        {
            ScriptEnd.TimedOut => $"{stopped}: it ran longer than {limits.Time.TotalSeconds:0} s.",
            ScriptEnd.Cancelled => $"{stopped}: it was cancelled.",
            ScriptEnd.OutOfMemory => $"Killed: memory limit {limits.Memory / MiB} MiB.",
            _ => $"Exit code {run.ExitCode}.",
        };
        return $"{what}{(run.Refused ? $" It wanted more than {limits.Processes} processes." : "")} Held by {run.Bounds}.";
    }
}
