using System.Text.Json;
using System.Text.Json.Serialization;

namespace Messaging.Relay.Legacy.Json;

/// <summary>JSON that the relay does not look into, and passes on as it came.</summary>
[JsonConverter(typeof(Converter))]
internal sealed record RawJson(string Text)
{
    internal sealed class Converter : JsonConverter<RawJson>
    {
        public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return new RawJson(document.RootElement.GetRawText());
        }

        public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Text, skipInputValidation: true);
    }
}
