using System.Text.Json.Serialization;

namespace Messaging.Cli.Artifacts;

/// <summary>What this machine keeps of repositories.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(SeenVersions))]
[JsonSerializable(typeof(SigningBundle))]
internal sealed partial class SeenJson : JsonSerializerContext;
