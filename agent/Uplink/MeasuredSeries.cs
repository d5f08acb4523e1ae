using Messaging.Agent.Collect.Scheduling;
using Messaging.Telemetry;

namespace Messaging.Agent.Uplink;

/// <summary>The points of a series that are to become part of a record; times ascend strictly.</summary>
internal readonly record struct MeasuredSeries(SeriesKey Key, IReadOnlyList<MetricPoint> Points);
