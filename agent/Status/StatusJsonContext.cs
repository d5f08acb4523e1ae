using System.Text.Json.Serialization;

namespace Messaging.Agent.Status;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StatusSnapshot))]
[JsonSerializable(typeof(StateFolderReport))]
internal sealed partial class StatusJsonContext : JsonSerializerContext;
