using System.Text.Json.Serialization;

namespace Messaging.Cli.Policies;

/// <summary>The policy's file; a member that it does not know is an error, for it may be a misspelt restriction.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(PolicyFile))]
internal sealed partial class PolicyJson : JsonSerializerContext;
