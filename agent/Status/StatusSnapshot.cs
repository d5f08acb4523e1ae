namespace Messaging.Agent.Status;

/// <summary>The answer of the status socket. Times are RFC 3339 UTC.</summary>
internal sealed record StatusSnapshot(
    int Version,
    DateTimeOffset Now,
    AgentStatus Agent,
    EnrolmentStatus? Enrolment,
    ConnectionStatus? Connection,
    SpoolStatus? Spool,
    IReadOnlyList<CollectorStatus> Collectors,
    IReadOnlyList<LogSourceStatus> Logs,
    IReadOnlyList<CommandStatus> Commands,
    IReadOnlyList<StatusProblem> Problems,
    IReadOnlyDictionary<string, double> Latest)
{
    public TimeStatus? Time { get; init; }

    public AuditStatus? Audit { get; init; }

    public TrustStatus? Trust { get; init; }

    /// <summary>Null where no files are taken.</summary>
    public FilesStatus? Files { get; init; }

    /// <summary>Null where there is no desired state.</summary>
    public TwinStatus? Twin { get; init; }

    /// <summary>What keeps scripts within their limits; null where none may be run.</summary>
    public string? ScriptsHeldBy { get; init; }

    /// <summary>Null when there was none yet.</summary>
    public UpdateProgress? Update { get; init; }

    /// <summary>Null where nothing is given to neighbours.</summary>
    public SharingStatus? Sharing { get; init; }

    /// <summary>What is held back, and what the link costs.</summary>
    public UplinkStatus? Uplink { get; init; }
}
