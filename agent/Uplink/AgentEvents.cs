namespace Messaging.Agent.Uplink;

/// <summary>Names of the events that the core of the agent reports. Listed in docs/reference/agent.md.</summary>
internal static class AgentEvents
{
    /// <summary>version, previous: <c>clean</c>, <c>unclean</c> or <c>reboot</c>.</summary>
    public const string Started = "agent.started";

    public const string Stopping = "agent.stopping";

    /// <summary>reason, count: refused since the last of these events.</summary>
    public const string SecurityRejected = "security.rejected";

    /// <summary>kind, detail, count.</summary>
    public const string SpoolProblem = "spool.problem";

    /// <summary>file: a state file that could not be used.</summary>
    public const string StateLost = "state.lost";

    /// <summary>from: what the disk still knew of commands when it was damaged.</summary>
    public const string JournalDamaged = "command.journal.damaged";

    /// <summary>keyNo.</summary>
    public const string KeysChanged = "keys.changed";

    /// <summary>keyNo, reason.</summary>
    public const string KeysRefused = "keys.refused";

    /// <summary>seconds: metrics and logs are kept back for so long, because an operator wants it.</summary>
    public const string Paused = "uplink.paused";

    /// <summary>Before the time was up.</summary>
    public const string Resumed = "uplink.resumed";

    /// <summary>used, limit, secondsLeft: 80 percent of a day's bytes.</summary>
    public const string DataNear = "uplink.data.near";

    /// <summary>used, limit, secondsLeft: metrics and logs wait for the next day.</summary>
    public const string DataReached = "uplink.data.reached";

    /// <summary>name, reason.</summary>
    public const string FileRefused = "file.refused";

    /// <summary>log, before, beforeNumber: the server goes on in another audit log.</summary>
    public const string AuditLogChanged = "audit.log.changed";

    /// <summary>root, roster, server, notice.</summary>
    public const string TrustChanged = "trust.changed";
}
