using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace Messaging.Relay.Legacy.Json;

/// <summary>The JSON of the legacy profile: unknown fields and nulls are nothing special, wrong types are.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(CreateRequest))]
[JsonSerializable(typeof(ConnectRequest))]
[JsonSerializable(typeof(EventRequest))]
[JsonSerializable(typeof(ReceiveRequest))]
[JsonSerializable(typeof(SessionRequest))]
[JsonSerializable(typeof(UdpRequest))]
[JsonSerializable(typeof(UdpAnswer))]
[JsonSerializable(typeof(LegacyEvent))]
[JsonSerializable(typeof(LegacyAnswer))]
[JsonSerializable(typeof(LegacyDescriptor))]
[JsonSerializable(typeof(ConnectAnswer))]
[JsonSerializable(typeof(ReceiveAnswer))]
[JsonSerializable(typeof(List<AgentView>))]
[JsonSerializable(typeof(List<ChannelMetadata>))]
internal sealed partial class LegacyJson : JsonSerializerContext
{
    private const int MaxDepth = 16;
    private const int MaxPathChars = 100;

    /// <summary>Answers are never part of a page, so that quotes and letters need no escapes of six bytes.</summary>
    public static readonly LegacyJson Lenient = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = MaxDepth,
    });

    /// <summary>Reads a request.</summary>
    /// <param name="body">UTF-8.</param>
    /// <param name="type">What is expected.</param>
    /// <param name="request">What it says.</param>
    /// <param name="error">What is wrong with it.</param>
    public static bool TryRead<T>(
        ReadOnlySpan<byte> body, JsonTypeInfo<T> type, [NotNullWhen(true)] out T? request, [NotNullWhen(false)] out string? error)
        where T : class
    {
        (request, error) = (null, null);
        if (!Utf8.IsValid(body))
        {
            error = "The request is not UTF-8.";
            return false;
        }

        try
        {
            request = JsonSerializer.Deserialize(body, type);
        }
        catch (JsonException e)
        {
            error = e.Path is { Length: > 1 and <= MaxPathChars } path
                ? $"The request is not what is expected here: see its field {path[1..].TrimStart('.')}."
                : "The request is not the JSON object that is expected here.";
            return false;
        }

        error = request is null ? "The request is null." : null;
        return error is null;
    }
}
