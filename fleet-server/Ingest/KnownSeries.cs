using Messaging.FleetServer.Telemetry;
using Messaging.Telemetry;

namespace Messaging.FleetServer.Ingest;

/// <summary>A series of an epoch, as it is stored.</summary>
internal sealed class KnownSeries(SeriesDefinition definition)
{
    public SeriesDefinition Definition { get; } = definition;

    public string Name { get; } = TelemetryText.Of(definition.Name);

    public string Unit { get; } = TelemetryText.Of(definition.Unit);

    public string AttributesJson { get; } = Telemetry.AttributesJson.Of(definition.Attributes);

    /// <summary>The last batch of the epoch that had it.</summary>
    public int UsedIn { get; set; }

    /// <summary>It can be found in the store again.</summary>
    public bool IsStored { get; set; }
}
