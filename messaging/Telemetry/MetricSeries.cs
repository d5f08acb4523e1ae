namespace Messaging.Telemetry;

/// <summary>The values of one metric with one set of attributes.</summary>
/// <param name="Name">By OpenTelemetry's conventions, at most 256 bytes: "system.cpu.utilization".</param>
/// <param name="Unit">UCUM, at most 64 bytes: "By", "1", "s".</param>
/// <param name="Kind">How the values relate to each other.</param>
/// <param name="Attributes">At most 64 pairs.</param>
/// <param name="Points">At least one; times ascend strictly.</param>
public sealed record MetricSeries(
    string Name,
    string Unit,
    MetricKind Kind,
    IReadOnlyList<KeyValuePair<string, string>> Attributes,
    IReadOnlyList<MetricPoint> Points);
