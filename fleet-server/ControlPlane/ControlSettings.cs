using Messaging.FleetServer.Audit;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Enrolment;
using Messaging.FleetServer.Files;
using Messaging.FleetServer.Ingest;
using Messaging.FleetServer.Relaying;
using Messaging.FleetServer.Updates;

namespace Messaging.FleetServer.ControlPlane;

/// <summary>What the control role is told by its host.</summary>
internal sealed record ControlSettings
{
    public const string KeysFolder = "keys";
    public const string TelemetryFile = "telemetry.db";
    public const string FilesFolder = "files";
    public const string RepositoryFolder = "repository";
    public const string StartsFile = "server-starts";

    /// <summary>The newest checkpoint of the audit. Not part of a backup: it tells a registry that was restored.</summary>
    public const string AuditHeadFile = "audit-head";

    /// <summary>Exists already; of mode 0700.</summary>
    public required string DataFolder { get; init; }

    public required RelayLinkOptions Relay { get; init; }

    public required EnrolmentOptions Enrolment { get; init; }

    public CommandOptions Commands { get; init; } = new();

    public IngestOptions Ingest { get; init; } = new();

    public AuditOptions Audit { get; init; } = new();

    public FileLimits Files { get; init; } = new();

    public RepositoryLimits Repository { get; init; } = new();

    public string PathOf(string name) => Path.Combine(DataFolder, name);
}
