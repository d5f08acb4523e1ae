using Messaging.Agent.Collect;
using Messaging.Commands;

namespace Messaging.Agent.Commands.Handlers;

internal sealed class SetIntervalsHandler(ICollectControl control) : ICommandHandler
{
    public string Type => CommandTypes.SetIntervals;

    public bool NeedsFreshness => false;

    public string? Check(ReadOnlyMemory<byte> arguments) =>
        SetIntervalsArguments.TryDecode(arguments.Span, out var decoded) && decoded.Intervals.Count > 0
            ? null
            : "set-intervals takes collectors with their intervals in milliseconds.";

    public Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct)
    {
        _ = SetIntervalsArguments.TryDecode(context.Arguments.Span, out var arguments);
        return Task.FromResult(control.TrySetIntervals(arguments!.Intervals) is { } problem
            ? CommandResult.Failed(problem)
            : CommandResult.Done("set"));
    }
}
