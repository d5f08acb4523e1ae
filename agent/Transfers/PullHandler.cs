using Messaging.Agent.Commands;
using Messaging.Agent.Commands.Beneath;
using Messaging.Agent.Configuration;
using Messaging.Agent.Sessions;
using Messaging.Commands;
using Messaging.Sessions;

namespace Messaging.Agent.Transfers;

/// <summary>Sends a file, sealed to whoever signed the command, from below a folder that the device's owner allows.</summary>
internal sealed class PullHandler(SessionCenter sessions, IPlaces places, AgentOptions options) : ICommandHandler, IDryRun
{
    public string Type => CommandTypes.Pull;

    public bool NeedsFreshness => true;

    public bool CanBeStopped => true;

    /// <inheritdoc cref="PushHandler.TakesTurns"/>
    public bool TakesTurns => false;

    public string? Check(ReadOnlyMemory<byte> arguments) =>
        !PullArguments.TryDecode(arguments.Span, out var pull) ? "pull takes the name of a session, the client's key, a path, what the client has of it, and the most that it takes."
        : BeneathRoots.Find(options.Commands.ReadPathList(), pull.Path) is null ? $"The owner of this device does not allow reading {pull.Path} (Commands:ReadPaths)."
        : sessions.Check(pull.SessionId);

    public Task<CommandResult> TryAsync(CommandContext context, CancellationToken ct)
    {
        _ = PullArguments.TryDecode(context.Arguments.Span, out var pull);
        using var reader = new PullReader(Open(pull!), pull!);
        return Task.FromResult(CommandResult.Done($"It would send the {reader.Begin(ct).Size} bytes of {pull!.Path}."));
    }

    public Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct)
    {
        _ = PullArguments.TryDecode(context.Arguments.Span, out var pull);
        return sessions.RunAsync(
            context, pull!.SessionId, pull.Client, SessionLink.FirstWindow, () => new PullBody(new PullReader(Open(pull), pull), context.Cancelled), ct);
    }

    private IPlace Open(PullArguments pull)
    {
        var (root, names) = BeneathRoots.Find(options.Commands.ReadPathList(), pull.Path)!.Value;
        return places.Open(root, names);
    }
}
