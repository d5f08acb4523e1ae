using Messaging.Agent.Commands.Scripts;
using Messaging.Agent.Configuration;
using Messaging.Commands;

namespace Messaging.Agent.Commands.Handlers;

internal sealed class RunScriptHandler(ScriptCatalog catalog, ScriptProcess process, AgentOptions options) : ICommandHandler
{
    public string Type => CommandTypes.RunScript;

    public bool NeedsFreshness => true;

    public string? Check(ReadOnlyMemory<byte> arguments)
    {
        if (!RunScriptArguments.TryDecode(arguments.Span, out var decoded))
        {
            return "run-script takes the name of a script and its arguments.";
        }

        return decoded.Arguments.Any(argument => argument.Contains('\0', StringComparison.Ordinal))
            ? "An argument of a script cannot hold a zero character."
            : catalog.Check(decoded.Name);
    }

    public async Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct)
    {
        _ = RunScriptArguments.TryDecode(context.Arguments.Span, out var arguments);

        // Looked at again: it may have changed since it was checked.
        if (catalog.Check(arguments!.Name) is { } problem)
        {
            return CommandResult.Failed(problem);
        }

        var limit = (int)Math.Min(options.Commands.OutputBytes, CommandReport.MaxOutputBytes);
        var run = await process.RunAsync(
            catalog.PathOf(arguments.Name)!, arguments.Arguments, options.Commands.ScriptTimeout, limit, context.Progress, ct);
        var state = run is { TimedOut: false, ExitCode: 0 } ? CommandState.Done : CommandState.Failed;
        var message = run.TimedOut
            ? $"Killed: it ran longer than {options.Commands.ScriptTimeout.TotalSeconds:0} s."
            : $"Exit code {run.ExitCode}.";
        return new CommandResult(state, message, run.TimedOut ? null : run.ExitCode, run.Output, run.OutputTruncated);
    }
}
