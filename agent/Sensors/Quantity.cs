using Messaging.Agent.Collect;

namespace Messaging.Agent.Sensors;

/// <summary>What a sensor measures.</summary>
/// <param name="Word">As configuration names it.</param>
/// <param name="Metric">The metric unless configuration names another; null for what has no name of its own.</param>
internal sealed record Quantity(string Word, MetricDefinition? Metric);
