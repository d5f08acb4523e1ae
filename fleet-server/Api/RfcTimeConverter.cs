using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Messaging.FleetServer.Api;

/// <summary>Times in JSON: RFC 3339, UTC, milliseconds ("2026-01-31T12:00:00.000Z").</summary>
internal sealed class RfcTimeConverter : JsonConverter<DateTimeOffset>
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Format(value));
}
