using Messaging.Agent.Commands;
using Messaging.Agent.Hosting;

namespace Messaging.Agent.Twin;

/// <summary>Ends the agent in order, for systemd to start it again (its unit has Restart=always), once for each desired state.</summary>
internal sealed class AgentRestart(AgentLife? life, TwinStore store, CommandJournal journal)
{
    /// <summary>systemd supervises this process: it told it where to say that it is ready.</summary>
    public bool CanComeBack { get; init; } = life is not null && !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"));

    /// <summary>It ends.</summary>
    public bool IsRequested { get; private set; }

    /// <returns>Null, or why not now.</returns>
    public string? Request(ulong version)
    {
        foreach (var command in journal.Unfinished)
        {
            if (!command.Waits)
            {
                return "waits for a restart of the agent, which waits for the commands that run";
            }
        }

        // Known before it happens: an agent that does not get what it wants by it does not do it for ever.
        store.Keep(store.Told with { RestartedFor = version });
        IsRequested = true;
        life?.Stop();
        return null;
    }
}
