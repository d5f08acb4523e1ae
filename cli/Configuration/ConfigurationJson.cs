using System.Text.Json.Serialization;

namespace Messaging.Cli.Configuration;

/// <summary>Read strictly, so that a typing error does not pass unnoticed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    WriteIndented = true)]
[JsonSerializable(typeof(StoredConfiguration))]
internal sealed partial class ConfigurationJson : JsonSerializerContext;
