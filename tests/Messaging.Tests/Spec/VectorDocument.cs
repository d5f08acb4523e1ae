using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Messaging.Tests.Spec;

/// <summary>A file of messaging/spec/vectors: how it is made, and what must hold for what stands in it.</summary>
internal abstract class VectorDocument
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public abstract string Name { get; }

    /// <summary>Makes the document; the same bytes each time.</summary>
    public abstract JsonObject Build();

    /// <summary>Runs the library on what the file says.</summary>
    public abstract void Verify(JsonElement file);

    public string Text()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            Build().WriteTo(writer);
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    protected static JsonArray Array(IEnumerable<JsonObject> items) => [.. items];

    protected static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    /// <summary>Names a property, so that a vector that fails can be found.</summary>
    protected static IEnumerable<JsonElement> Each(JsonElement file, string list) => file.GetProperty(list).EnumerateArray();

    protected static byte[] Bytes(JsonElement element, string property) => Convert.FromHexString(element.GetProperty(property).GetString()!);

    protected static string Why(JsonElement element) => element.GetProperty("why").GetString()!;
}
