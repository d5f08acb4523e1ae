namespace Messaging.Telemetry;

/// <summary>A measured value.</summary>
/// <param name="MonoMs">When, in milliseconds since the machine's boot.</param>
/// <param name="Value">Any IEEE 754 binary64 value; its bits are kept.</param>
public readonly record struct MetricPoint(long MonoMs, double Value);
