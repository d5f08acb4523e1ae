using Messaging.Agent.Commands;
using Messaging.Agent.Configuration;
using Messaging.Commands;
using Messaging.Twin;

namespace Messaging.Agent.Twin;

/// <summary>Keeps a desired state; <see cref="TwinKeeper"/> sees to it then.</summary>
internal sealed class DesiredSetHandler(TwinStore store, TwinKeeper keeper, AgentOptions options) : ICommandHandler
{
    public string Type => CommandTypes.DesiredSet;

    /// <summary>Its version only rises: an old one does no harm again.</summary>
    public bool NeedsFreshness => false;

    public string? Check(ReadOnlyMemory<byte> arguments) =>
        DesiredState.TryDecode(arguments.Span, out var state) ? TwinRules.Check(state, options) : "desired-set takes a version and what is wanted.";

    public CommandVerdict? Judge(ReadOnlyMemory<byte> arguments) =>
        Check(arguments) is { } problem ? CommandVerdict.Rejected("command-bad-arguments", problem)
        : DesiredState.TryDecode(arguments.Span, out var state) && store.Document is { } known && state.Version <= known.State.Version
            ? CommandVerdict.Rejected("command-stale-version", Stale(state.Version, known.State.Version))
        : null;

    public IEnumerable<string> Stands(ReadOnlyMemory<byte> arguments) => DesiredState.TryDecode(arguments.Span, out var state) ? state.Stands() : [];

    public Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct)
    {
        _ = DesiredState.TryDecode(context.Arguments.Span, out var state);
        if (!store.TryKeep(new TwinDocument(context.Id, state!)))
        {
            return Task.FromResult(CommandResult.Failed(Stale(state!.Version, store.Document!.State.Version)));
        }

        keeper.Changed();
        return Task.FromResult(CommandResult.Done($"Version {state!.Version} is kept, with {state.Count} properties; the device sees to them."));
    }

    private static string Stale(ulong version, ulong known) => $"Version {version} is not above {known}, which this device has: sign one that is.";
}
