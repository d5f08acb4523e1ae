using Messaging.Wire;

namespace Messaging.Agent.Commands;

/// <summary>Commands that are accepted and have not ended, so that they can be cancelled. Thread-safe.</summary>
internal sealed class RunningCommands
{
    private readonly Lock _gate = new();
    private readonly Dictionary<CommandId, RunningCommand> _commands = [];

    /// <summary>Raised after one has ended: what it did may matter to others.</summary>
    public event Action? Ended;

    public RunningCommand Begin(CommandId id)
    {
        lock (_gate)
        {
            return _commands[id] = new RunningCommand();
        }
    }

    /// <summary>It has ended, durably.</summary>
    public void End(CommandId id)
    {
        RunningCommand? command;
        lock (_gate)
        {
            _commands.Remove(id, out command);
        }

        command?.Dispose();
        Ended?.Invoke();
    }

    public RunningCommand? Find(CommandId id)
    {
        lock (_gate)
        {
            return _commands.GetValueOrDefault(id);
        }
    }
}
