using Messaging.Commands;

namespace Messaging.Agent.Commands.Handlers;

internal sealed class PingHandler : ICommandHandler
{
    public string Type => CommandTypes.Ping;

    public bool NeedsFreshness => false;

    public string? Check(ReadOnlyMemory<byte> arguments) => EmptyArguments.TryDecode(arguments.Span) ? null : "ping takes no arguments.";

    public Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct) => Task.FromResult(CommandResult.Done("pong"));
}
