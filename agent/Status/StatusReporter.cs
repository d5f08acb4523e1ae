using System.Reflection;
using Messaging.Agent.Configuration;

namespace Messaging.Agent.Status;

/// <summary>Asks every part and puts the answers together.</summary>
internal sealed class StatusReporter(IEnumerable<IStatusPart> parts, AgentOptions options, TimeProvider time)
{
    private const int FormatVersion = 1;

    private readonly IReadOnlyList<IStatusPart> _parts = [.. parts];
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    /// <summary>As in the assembly, without the commit.</summary>
    public static string AgentVersion { get; } =
        typeof(StatusReporter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    public StatusSnapshot Report()
    {
        var status = new StatusBuilder();
        foreach (var part in _parts)
        {
            part.Contribute(status);
        }

        return new(
            FormatVersion,
            time.GetUtcNow(),
            new(AgentVersion, Environment.ProcessId, _startedAt, options.Device.State, Environment.WorkingSet),
            status.Enrolment,
            status.Connection,
            status.Spool,
            [.. status.Collectors.OrderBy(c => c.Name, StringComparer.Ordinal)],
            status.Logs,
            status.Commands,
            status.Problems,
            status.Latest)
        {
            Time = status.Time,
            Trust = status.Trust,
            Audit = status.Audit,
            Uplink = status.Uplink,
            Files = status.Files,
            Twin = status.Twin,
            Update = status.Update,
            Sharing = status.Sharing,
            ScriptsHeldBy = status.ScriptsHeldBy,
        };
    }
}
