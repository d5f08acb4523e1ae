using System.Text.Json.Serialization;

namespace Messaging.Cli.Audit;

/// <summary>One object a line. Later versions of the server may answer with more than is known here.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditLine))]
[JsonSerializable(typeof(AuditPage<EntryItem>))]
[JsonSerializable(typeof(AuditPage<CheckpointItem>))]
[JsonSerializable(typeof(AuditPage<DeviceKeyItem>))]
[JsonSerializable(typeof(AuditPage<ExecutionsItem>))]
internal sealed partial class AuditJson : JsonSerializerContext;
