using System.Text.Json;

namespace Messaging.Agent.Json;

/// <summary>Members of an object that was read. What is missing or of another kind is a <see cref="JsonException"/> that names it.</summary>
internal readonly struct JsonFields
{
    private readonly JsonElement _object;

    /// <exception cref="JsonException">It is no object.</exception>
    public JsonFields(JsonElement element) => _object = element.ValueKind == JsonValueKind.Object ? element : throw new JsonException("an object is expected");

    /// <exception cref="JsonException">It is missing or no text.</exception>
    public string Text(string name) => OptionalText(name) ?? throw Wrong(name, "a text");

    /// <exception cref="JsonException">It is no text.</exception>
    public string? OptionalText(string name) =>
        Find(name) is not { } value ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(name, "a text");

    /// <exception cref="JsonException">It is missing or no whole number.</exception>
    public long Number(string name) => OptionalNumber(name) ?? throw Wrong(name, "a whole number");

    /// <exception cref="JsonException">It is missing or no whole number of 32 bits.</exception>
    public int Count(string name) => Number(name) is >= int.MinValue and <= int.MaxValue and var count ? (int)count : throw Wrong(name, "a number of 32 bits");

    /// <exception cref="JsonException">It is no whole number.</exception>
    public long? OptionalNumber(string name) =>
        Find(name) is not { } value ? null : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : throw Wrong(name, "a whole number");

    /// <exception cref="JsonException">It is no whole number, or below 0.</exception>
    public ulong? OptionalVersion(string name) =>
        Find(name) is not { } value ? null : value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out var number) ? number : throw Wrong(name, "a whole number of 0 or more");

    /// <exception cref="JsonException">It is no number.</exception>
    public double? OptionalReal(string name) =>
        Find(name) is not { } value ? null : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number : throw Wrong(name, "a number");

    /// <exception cref="JsonException">It is missing, and neither true nor false.</exception>
    public bool Flag(string name) => Find(name)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(name, "true or false"),
    };

    /// <exception cref="JsonException">It is missing or no time of RFC 3339.</exception>
    public DateTimeOffset Time(string name) => OptionalTime(name) ?? throw Wrong(name, "a time");

    /// <exception cref="JsonException">It is no time of RFC 3339.</exception>
    public DateTimeOffset? OptionalTime(string name) =>
        Find(name) is not { } value ? null : value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var time) ? time : throw Wrong(name, "a time");

    /// <exception cref="JsonException">It is missing or no object.</exception>
    public JsonFields Object(string name) => OptionalObject(name) ?? throw Wrong(name, "an object");

    /// <exception cref="JsonException">It is no object.</exception>
    public JsonFields? OptionalObject(string name) =>
        Find(name) is not { } value ? null : value.ValueKind == JsonValueKind.Object ? new JsonFields(value) : throw Wrong(name, "an object");

    /// <exception cref="JsonException">It is missing, no array, or one of something else.</exception>
    public T[] Objects<T>(string name, Func<JsonFields, T> read)
        where T : class
    {
        if (Find(name) is not { ValueKind: JsonValueKind.Array } array)
        {
            throw Wrong(name, "an array");
        }

        var values = new T[array.GetArrayLength()];
        var index = 0;
        foreach (var element in array.EnumerateArray())
        {
            values[index++] = read(new JsonFields(element));
        }

        return values;
    }

    /// <summary>The names of all members.</summary>
    public List<string> Names()
    {
        var names = new List<string>();
        foreach (var member in _object.EnumerateObject())
        {
            names.Add(member.Name);
        }

        return names;
    }

    private JsonElement? Find(string name) => _object.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static JsonException Wrong(string name, string expected) => new($"{name}: {expected} is expected");
}
