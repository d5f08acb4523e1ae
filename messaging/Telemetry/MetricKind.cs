namespace Messaging.Telemetry;

/// <summary>How the values of a series relate to each other (OpenTelemetry's instruments).</summary>
public enum MetricKind
{
    /// <summary>A reading at a moment.</summary>
    Gauge = 0,

    /// <summary>A total since a start: it only rises, and begins anew at 0.</summary>
    Counter = 1,

    /// <summary>A total that may also fall.</summary>
    UpDownCounter = 2,
}
