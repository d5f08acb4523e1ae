using Messaging.Agent.Commands;
using Messaging.Agent.Commands.Beneath;
using Messaging.Agent.Configuration;
using Messaging.Agent.Sessions;
using Messaging.Commands;
using Messaging.Sessions;

namespace Messaging.Agent.Transfers;

/// <summary>Takes a file, sealed to whoever signed the command, below a folder that the device's owner allows.</summary>
internal sealed class PushHandler(SessionCenter sessions, IPlaces places, Partials partials, AgentOptions options) : ICommandHandler, IDryRun
{
    public string Type => CommandTypes.Push;

    public bool NeedsFreshness => true;

    public bool CanBeStopped => true;

    /// <summary>It lasts as long as the line is slow, and has limits of its own.</summary>
    public bool TakesTurns => false;

    public string? Check(ReadOnlyMemory<byte> arguments) =>
        !PushArguments.TryDecode(arguments.Span, out var push) ? "push takes the name of a session, the client's key, a path, a size, a mode, a hash and what it replaces."
        : BeneathRoots.Find(options.Commands.WritePathList(), push.Path) is null ? $"The owner of this device does not allow writing {push.Path} (Commands:WritePaths)."
        : push.Size > options.Sessions.MaxFileBytes ? $"{push.Size} bytes are more than the {options.Sessions.MaxFileBytes} that a file may have here (Sessions:MaxFileBytes)."
        : sessions.Check(push.SessionId);

    public Task<CommandResult> TryAsync(CommandContext context, CancellationToken ct)
    {
        var order = Order(context.Arguments);
        var (push, path) = (order.Arguments, order.Arguments.Path);
        using var place = places.Open(order.Root, order.Names);
        if (Expectation.Refusal(place, path, push.Expected, long.MaxValue, ct) is { } problem)
        {
            return Task.FromResult(CommandResult.Failed(problem));
        }

        using var old = place.OpenTarget();
        var mode = Convert.ToString(push.Mode, 8).PadLeft(4, '0');
        return Task.FromResult(CommandResult.Done(
            $"It would write {push.Size} bytes to {path} with mode {mode}, {(old is null ? "where nothing is" : $"in the place of {old.Length} bytes")}."));
    }

    public Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct)
    {
        var order = Order(context.Arguments);
        var push = order.Arguments;
        return sessions.RunAsync(
            context,
            push.SessionId,
            push.Client,
            FileStart.Window,
            () => new PushBody(new PushWriter(places, partials, order, options.Sessions.KeepFree), push.Size, context.Cancelled),
            ct);
    }

    private PushOrder Order(ReadOnlyMemory<byte> arguments)
    {
        _ = PushArguments.TryDecode(arguments.Span, out var push);
        var (root, names) = BeneathRoots.Find(options.Commands.WritePathList(), push!.Path)!.Value;
        return new PushOrder(root, names, push);
    }
}
