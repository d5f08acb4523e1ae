using System.Text.Json.Serialization;

namespace Messaging.FleetServer.Api;

/// <summary>JSON that is stored as text and goes out as it is.</summary>
[JsonConverter(typeof(RawJsonConverter))]
internal readonly record struct RawJson(string Text);
