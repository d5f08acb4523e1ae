namespace Messaging.Agent.Collect;

/// <summary>A metric as OpenTelemetry's semantic conventions name it.</summary>
/// <param name="Name">Dotted name, such as <c>system.cpu.time</c>.</param>
/// <param name="Unit">UCUM unit, such as <c>s</c>, <c>By</c>, <c>1</c> or <c>{process}</c>.</param>
/// <param name="Kind">How values combine over time.</param>
internal sealed record MetricDefinition(string Name, string Unit, InstrumentKind Kind);
