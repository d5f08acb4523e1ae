namespace Messaging.FleetServer.Relaying.Activity;

/// <summary>A relay in another process: this server knows of it what it tells over its link, and nothing more.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Metrics">Where the rest is to be seen.</param>
internal sealed record ElsewhereView(string Address, string Metrics)
{
    public const string MetricsAdvice =
        "Start that relay with --metrics-port PORT; then http://127.0.0.1:PORT/metrics on its machine has MQTT users and channels (docs/reference/relay-metrics.md).";
}
