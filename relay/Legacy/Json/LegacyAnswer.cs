using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Messaging.Relay.Legacy.Json;

/// <summary>The one form of all answers.</summary>
/// <param name="Status">success, error or unauthorized.</param>
/// <param name="StatusMessage">What is wrong and what to do.</param>
internal sealed record LegacyAnswer(string Status, string? StatusMessage, RawJson? Data)
{
    public static readonly LegacyAnswer Done = new("success", StatusMessage: null, Data: null);
    public static readonly LegacyAnswer UnknownSession = Error("There is no such session. It may have ended because no request came: connect again.");
    public static readonly LegacyAnswer NoApiKey = Unauthorized($"The header {LegacyNames.ApiKeyHeader} with a key of your own is required; {LegacyNames.DefaultApiKey} is everybody's.");

    public static LegacyAnswer Error(string message) => new("error", message, Data: null);

    public static LegacyAnswer Unauthorized(string message) => new("unauthorized", message, Data: null);

    public static LegacyAnswer Of<T>(T data, JsonTypeInfo<T> type, string? message = null) => new("success", message, new RawJson(JsonSerializer.Serialize(data, type)));

    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, LegacyJson.Lenient.LegacyAnswer);
}
