using System.Runtime.InteropServices;

namespace Messaging.Agent.Collect.Scheduling;

[StructLayout(LayoutKind.Auto)]
internal readonly record struct Sample(MetricDefinition Metric, AttributeSet Attributes, double Value);
