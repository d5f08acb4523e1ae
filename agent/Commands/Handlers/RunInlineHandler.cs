using Messaging.Agent.Commands.Scripts;
using Messaging.Agent.Configuration;
using Messaging.Commands;

namespace Messaging.Agent.Commands.Handlers;

/// <summary>Runs a script that comes with the command. It is in no folder, and in no process's arguments.</summary>
internal sealed class RunInlineHandler(ScriptRunner runner, AgentOptions options) : ICommandHandler, IDryRun
{
    public string Type => CommandTypes.RunInline;

    public bool NeedsFreshness => true;

    public bool CanBeStopped => true;

    public string? Check(ReadOnlyMemory<byte> arguments)
    {
        if (!RunInlineArguments.TryDecode(arguments.Span, out var decoded))
        {
            return "run-inline takes an interpreter, a script, its arguments and limits.";
        }

        return !options.Commands.InterpreterList().Contains(decoded.Interpreter)
            ? $"The owner of this device does not allow {decoded.Interpreter} (Commands:Interpreters)."
            : !File.Exists(decoded.Interpreter) ? $"There is no {decoded.Interpreter} on this device."
            : runner.Check(decoded.Arguments, decoded.Limits);
    }

    public Task<CommandResult> TryAsync(CommandContext context, CancellationToken ct)
    {
        _ = RunInlineArguments.TryDecode(context.Arguments.Span, out var arguments);
        return Task.FromResult((File.GetUnixFileMode(arguments!.Interpreter) & ScriptCatalog.Executable) == UnixFileMode.None
            ? CommandResult.Failed($"{arguments.Interpreter} is not executable.")
            : CommandResult.Done($"It would hand {arguments.Body.Length} bytes to {arguments.Interpreter}, {runner.Describe(arguments.Limits)}."));
    }

    public async Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct)
    {
        _ = RunInlineArguments.TryDecode(context.Arguments.Span, out var arguments);
        using var body = new ScriptBody(arguments!.Body.Span);
        return await runner.RunAsync(arguments.Interpreter, [body.Path, .. arguments.Arguments], arguments.Limits, context, ct);
    }
}
