namespace Messaging.Agent.Status;

/// <summary>What the parts fill in; a part that does not run leaves its section out.</summary>
internal sealed class StatusBuilder
{
    public EnrolmentStatus? Enrolment { get; set; }

    public ConnectionStatus? Connection { get; set; }

    public UplinkStatus? Uplink { get; set; }

    public SpoolStatus? Spool { get; set; }

    public FilesStatus? Files { get; set; }

    public TwinStatus? Twin { get; set; }

    public UpdateProgress? Update { get; set; }

    public SharingStatus? Sharing { get; set; }

    public TrustStatus? Trust { get; set; }

    public AuditStatus? Audit { get; set; }

    public TimeStatus? Time { get; set; }

    public List<CollectorStatus> Collectors { get; } = [];

    public List<LogSourceStatus> Logs { get; } = [];

    /// <summary>The newest few, newest first.</summary>
    public List<CommandStatus> Commands { get; } = [];

    /// <summary>What keeps scripts within their limits; absent where none may be run.</summary>
    public string? ScriptsHeldBy { get; set; }

    /// <summary>What is wrong now and what to do about it. An empty list means all is well.</summary>
    public List<StatusProblem> Problems { get; } = [];

    /// <summary>Headline values by metric name, for example <c>system.cpu.utilization</c>.</summary>
    public Dictionary<string, double> Latest { get; } = new(StringComparer.Ordinal);
}
