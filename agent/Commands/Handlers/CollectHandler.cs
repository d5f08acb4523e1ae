using Messaging.Agent.Collect;
using Messaging.Agent.Uplink;
using Messaging.Commands;

namespace Messaging.Agent.Commands.Handlers;

internal sealed class CollectHandler(ICollectControl control, MetricFlusher flusher) : ICommandHandler
{
    public string Type => CommandTypes.Collect;

    public bool NeedsFreshness => false;

    public string? Check(ReadOnlyMemory<byte> arguments) =>
        CollectArguments.TryDecode(arguments.Span, out _) ? null : "collect takes a list of collectors.";

    public async Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct)
    {
        _ = CollectArguments.TryDecode(context.Arguments.Span, out var arguments);
        var problems = await control.CollectNowAsync(arguments!.Collectors, ct);
        flusher.Flush(durable: true);
        return problems.Count == 0 ? CommandResult.Done("collected") : CommandResult.Failed(string.Join("; ", problems));
    }
}
