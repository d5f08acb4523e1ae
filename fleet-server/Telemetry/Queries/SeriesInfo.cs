using System.Text.Json;

namespace Messaging.FleetServer.Telemetry.Queries;

/// <param name="Kind">0 gauge, 1 counter, 2 up-down counter.</param>
/// <param name="AttributesJson">A JSON object with sorted keys.</param>
internal sealed record SeriesInfo(long Id, string Name, string Unit, int Kind, string AttributesJson)
{
    public const string NoAttributes = "{}";

    public bool Has(KeyValuePair<string, string> attribute)
    {
        using var attributes = JsonDocument.Parse(AttributesJson);
        return attributes.RootElement.TryGetProperty(attribute.Key, out var value) && value.ValueEquals(attribute.Value);
    }

    /// <summary>The API's word for the kind.</summary>
    public string KindWord => Kind switch { 1 => "counter", 2 => "updowncounter", _ => "gauge" };
}
