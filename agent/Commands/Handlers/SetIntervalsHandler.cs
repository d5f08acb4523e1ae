using Messaging.Agent.Collect;
using Messaging.Agent.Configuration;
using Messaging.Commands;

namespace Messaging.Agent.Commands.Handlers;

internal sealed class SetIntervalsHandler(ICollectControl control) : ICommandHandler, IDryRun
{
    public string Type => CommandTypes.SetIntervals;

    public bool NeedsFreshness => false;

    public string? Check(ReadOnlyMemory<byte> arguments) =>
        SetIntervalsArguments.TryDecode(arguments.Span, out var decoded) && decoded.Intervals.Count > 0
            ? null
            : "set-intervals takes collectors with their intervals in milliseconds.";

    public Task<CommandResult> TryAsync(CommandContext context, CancellationToken ct)
    {
        _ = SetIntervalsArguments.TryDecode(context.Arguments.Span, out var arguments);
        var (lines, unknown) = (new List<string>(), new List<string>());
        foreach (var (name, interval) in arguments!.Intervals)
        {
            var now = NowOf(name);
            if (now is null)
            {
                unknown.Add(name);
            }

            lines.Add($"{name} {now} -> {(interval == TimeSpan.Zero ? "as configured" : OptionText.Write(interval))}");
        }

        return Task.FromResult(unknown.Count > 0
            ? CommandResult.Failed($"There is no collector {string.Join(", ", unknown)} here.")
            : CommandResult.Done($"It would set {string.Join(", ", lines)}."));
    }

    public Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct)
    {
        _ = SetIntervalsArguments.TryDecode(context.Arguments.Span, out var arguments);
        return Task.FromResult(control.TrySetIntervals(arguments!.Intervals) is { } problem
            ? CommandResult.Failed(problem)
            : CommandResult.Done("set"));
    }

    private string? NowOf(string name)
    {
        foreach (var (collector, interval) in control.Intervals)
        {
            if (collector == name)
            {
                return OptionText.Write(interval);
            }
        }

        return null;
    }
}
