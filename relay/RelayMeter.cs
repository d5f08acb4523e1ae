namespace Messaging.Relay;

/// <summary>The relay's instruments (System.Diagnostics.Metrics): docs/reference/relay-metrics.md lists them.</summary>
public static class RelayMeter
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "Messaging.Relay";
}
