using Messaging.FleetServer.Api;

namespace Messaging.FleetServer.Telemetry.Queries;

/// <summary>A metric that a device has.</summary>
/// <param name="Attributes">The attributes of each of its series.</param>
internal sealed record MetricNameView(string Name, string Unit, string Kind, IReadOnlyList<RawJson> Attributes);
