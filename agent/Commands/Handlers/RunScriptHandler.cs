using System.Security.Cryptography;
using Messaging.Agent.Commands.Scripts;
using Messaging.Commands;

namespace Messaging.Agent.Commands.Handlers;

internal sealed class RunScriptHandler(ScriptCatalog catalog, ScriptRunner runner) : ICommandHandler, IDryRun
{
    public string Type => CommandTypes.RunScript;

    public bool NeedsFreshness => true;

    public bool CanBeStopped => true;

    public string? Check(ReadOnlyMemory<byte> arguments) =>
        !RunScriptArguments.TryDecode(arguments.Span, out var decoded)
            ? "run-script takes the name of a script, its arguments and limits."
            : runner.Check(decoded.Arguments, decoded.Limits!) ?? catalog.Check(decoded.Name);

    public Task<CommandResult> TryAsync(CommandContext context, CancellationToken ct)
    {
        _ = RunScriptArguments.TryDecode(context.Arguments.Span, out var arguments);
        if (catalog.Check(arguments!.Name) is { } problem)
        {
            return Task.FromResult(CommandResult.Failed(problem));
        }

        var path = catalog.PathOf(arguments.Name)!;
        using var file = File.OpenRead(path);
        return Task.FromResult(CommandResult.Done(
            $"It would run {path} ({file.Length} bytes, mode {FileMode8.Of(path)}, sha256 {Convert.ToHexStringLower(SHA256.HashData(file))}), {runner.Describe(arguments.Limits!)}."));
    }

    public async Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct)
    {
        _ = RunScriptArguments.TryDecode(context.Arguments.Span, out var arguments);

        // Looked at again: it may have changed since it was checked.
        return catalog.Check(arguments!.Name) is { } problem
            ? CommandResult.Failed(problem)
            : await runner.RunAsync(catalog.PathOf(arguments.Name)!, arguments.Arguments, arguments.Limits!, context, ct);
    }
}
