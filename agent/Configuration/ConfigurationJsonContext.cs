using System.Text.Json.Serialization;

namespace Messaging.Agent.Configuration;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ConfigurationReport))]
[JsonSerializable(typeof(IReadOnlyList<OptionView>))]
internal sealed partial class ConfigurationJsonContext : JsonSerializerContext;
