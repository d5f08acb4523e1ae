using Messaging.Agent.Commands;
using Messaging.Agent.Configuration;
using Messaging.Commands;

namespace Messaging.Agent.Local;

/// <summary>Hands a command to one of the device's own programs.</summary>
internal sealed class AppHandler(AppCalls calls, AgentOptions options) : ICommandHandler
{
    public string Type => CommandTypes.App;

    public bool NeedsFreshness => true;

    public string? Check(ReadOnlyMemory<byte> arguments) =>
        !AppArguments.TryDecode(arguments.Span, out var decoded) ? "app takes the name of a program, its arguments and a payload."
        : options.Local.Enabled != "yes" ? "The local socket of this device is off (Local:Enabled)."
        : !options.Local.AppList().Contains(decoded.Name, StringComparer.Ordinal) ? $"The owner of this device does not allow the program {decoded.Name} (Local:Apps)."
        : null;

    public Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct)
    {
        _ = AppArguments.TryDecode(context.Arguments.Span, out var arguments);
        return calls.RunAsync(arguments!, context, ct);
    }
}
