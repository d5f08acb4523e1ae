using Messaging.Agent.Configuration;
using Messaging.Commands;

namespace Messaging.Agent.Commands;

/// <summary>What the device's owner allows of what this version can do.</summary>
internal sealed class CommandPolicy
{
    public CommandPolicy(IEnumerable<ICommandHandler> handlers, AgentOptions options)
    {
        Handlers = handlers.ToDictionary(handler => handler.Type, StringComparer.Ordinal);
        Allowed = options.Commands.AllowList().Where(Handlers.ContainsKey).ToHashSet(StringComparer.Ordinal);
        // What may be started may be stopped.
        Allowed = Allowed.Count > 0 ? new HashSet<string>(Allowed, StringComparer.Ordinal) { CommandTypes.Cancel } : Allowed;
        Unknown = [.. options.Commands.AllowList().Where(type => !Handlers.ContainsKey(type))];
    }

    public IReadOnlyDictionary<string, ICommandHandler> Handlers { get; }

    public IReadOnlySet<string> Allowed { get; }

    /// <summary>Words in Commands:Allow that are no command.</summary>
    public IReadOnlyList<string> Unknown { get; }
}
