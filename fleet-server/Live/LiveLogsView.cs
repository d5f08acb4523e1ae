using Messaging.FleetServer.Telemetry.Queries;

namespace Messaging.FleetServer.Live;

/// <summary>Log lines that were just stored.</summary>
internal sealed record LiveLogsView(string DeviceId, IReadOnlyList<LogView> Items);
