using Messaging.FleetServer.Pauses;
using Messaging.FleetServer.Telemetry.Queries;

namespace Messaging.FleetServer.Devices;

/// <summary>A device as the API shows it.</summary>
/// <param name="Online">Authenticated data came lately, and nothing says that it left.</param>
/// <param name="Connected">What the relay says.</param>
/// <param name="Intervals">Milliseconds between two collections, by collector.</param>
/// <param name="Latest">The newest value of each series without attributes.</param>
/// <param name="Rejections">What the server refused of it, and it of the server: tampered, replayed, mis-addressed.</param>
/// <param name="Gaps">How many ranges of its records are known to be lost.</param>
internal sealed record DeviceView(
    string Id,
    string Name,
    string Status,
    string? StatusReason,
    bool Online,
    DateTimeOffset? LastSeen,
    bool Connected,
    string? Transport,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EnrolledAt,
    IReadOnlyList<string> Tags,
    IReadOnlyList<string> Groups,
    string? Hostname,
    string? Os,
    string? Architecture,
    string? AgentVersion,
    string? Model,
    long? UptimeSeconds,
    IReadOnlyDictionary<string, string> Facts,
    IReadOnlyDictionary<string, long> Intervals,
    IReadOnlyList<string> AllowedCommands,
    IReadOnlyList<string> Scripts,
    IReadOnlyList<string> Units,
    IReadOnlyDictionary<string, double>? Latest,
    IReadOnlyList<RejectionView> Rejections,
    int Gaps)
{
    /// <summary>Metrics and logs are kept back; null when they are not.</summary>
    public PauseView? Pause { get; init; }

    /// <summary>How far it is with its desired state: none, pending, converged, converging, drifted or failed.</summary>
    public string Twin { get; init; } = "none";

    /// <summary>The running boot, which dangerous commands are bound to; null until an epoch was opened.</summary>
    public RunningBootView? Boot { get; init; }

    public static DeviceView Of(DeviceSnapshot device, DeviceTelemetry telemetry, IReadOnlyDictionary<string, double>? latest) => new(
        device.Id,
        device.Name,
        Word(device.Status),
        device.StatusReason.Length > 0 ? device.StatusReason : null,
        device.Online,
        device.LastSeen,
        device.Connected,
        device.Transport,
        device.CreatedAt,
        device.EnrolledAt,
        device.Tags,
        device.Groups,
        device.Fact(DeviceFacts.Hostname),
        device.Fact(DeviceFacts.Os),
        device.Fact(DeviceFacts.Architecture),
        device.Fact(DeviceFacts.AgentVersion),
        device.Fact(DeviceFacts.Model),
        device.Uptime is { } uptime ? (long)uptime.TotalSeconds : null,
        device.Facts,
        device.Intervals,
        device.AllowedCommands,
        device.Scripts,
        device.Units,
        latest,
        [.. telemetry.Rejections.Select(RejectionView.Of)],
        telemetry.Gaps)
    {
        Boot = device is { BootId: { } boot, Uptime: { } since } ? new RunningBootView(boot, (long)since.TotalMilliseconds) : null,
    };

    public static string Word(DeviceStatus status) => status switch
    {
        DeviceStatus.Pending => "pending",
        DeviceStatus.Active => "active",
        DeviceStatus.Revoked => "revoked",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a status."),
    };
}
