using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Messaging.Agent.Json;

/// <summary>
/// JSON by hand. The serializer would be code for each type that it writes and reads: a twentieth of the native program, for one screen and two small files.
/// </summary>
internal static class JsonText
{
    /// <returns>The object that <paramref name="members"/> writes the members of.</returns>
    public static string OfObject(Action<Utf8JsonWriter> members) => Encoding.UTF8.GetString(BytesOfObject(members));

    /// <inheritdoc cref="OfObject"/>
    public static byte[] BytesOfObject(Action<Utf8JsonWriter> members) => Bytes(json =>
    {
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
    });

    /// <returns>The array that <paramref name="values"/> writes the values of.</returns>
    public static string OfArray(Action<Utf8JsonWriter> values) => Encoding.UTF8.GetString(Bytes(json =>
    {
        json.WriteStartArray();
        values(json);
        json.WriteEndArray();
    }));

    /// <summary>Writes nothing for null.</summary>
    public static void Text(this Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    /// <inheritdoc cref="Text(Utf8JsonWriter, string, string?)"/>
    public static void Number(this Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    /// <inheritdoc cref="Text(Utf8JsonWriter, string, string?)"/>
    public static void Number(this Utf8JsonWriter json, string name, ulong? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    /// <summary>RFC 3339; writes nothing for null.</summary>
    public static void Time(this Utf8JsonWriter json, string name, DateTimeOffset? value)
    {
        if (value is { } time)
        {
            json.WriteString(name, time);
        }
    }

    /// <summary>Writes nothing for null.</summary>
    public static void Object<T>(this Utf8JsonWriter json, string name, T? value, Action<Utf8JsonWriter, T> members)
        where T : class
    {
        if (value is not null)
        {
            json.WriteStartObject(name);
            members(json, value);
            json.WriteEndObject();
        }
    }

    /// <summary>An array of objects.</summary>
    public static void Objects<T>(this Utf8JsonWriter json, string name, IReadOnlyList<T> values, Action<Utf8JsonWriter, T> members)
        where T : class
    {
        json.WriteStartArray(name);
        json.Objects(values, members);
        json.WriteEndArray();
    }

    /// <summary>Objects of an array that was begun.</summary>
    public static void Objects<T>(this Utf8JsonWriter json, IReadOnlyList<T> values, Action<Utf8JsonWriter, T> members)
        where T : class
    {
        foreach (var value in values)
        {
            json.WriteStartObject();
            members(json, value);
            json.WriteEndObject();
        }
    }

    public static void Texts(this Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static byte[] Bytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
