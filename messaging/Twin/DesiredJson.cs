using System.Text.Json;
using Messaging.Commands;

namespace Messaging.Twin;

/// <summary>
/// The JSON that people write for a desired state: the server and fleetctl read it here, and write it back.
/// </summary>
public static class DesiredJson
{
    /// <summary>0644.</summary>
    public const int DefaultMode = 0x1a4;

    /// <summary>Keys with texts.</summary>
    /// <param name="value">An object.</param>
    /// <param name="place">Its name, for what is wrong with it.</param>
    /// <exception cref="DesiredJsonException">It is none.</exception>
    public static IReadOnlyList<DesiredSetting> Settings(JsonElement value, string place) =>
        Members(value, place, "an object of options (Section:Key) with their values as texts", static (member, at) =>
        {
            Demand(TwinText.IsSetting(member.Name), at, $"A setting is named Section:Key, of at most {TwinText.MaxNameBytes} letters, digits and :._-");
            var text = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString() : null;
            return text is not null && TwinText.IsSettingValue(text)
                ? new DesiredSetting(member.Name, text)
                : throw new DesiredJsonException(at, $"A setting is a text of at most {TwinText.MaxSettingBytes} bytes, as in the configuration file: \"30s\", \"10\", \"on\".");
        });

    /// <summary>Paths with <c>content</c> (base64) and <c>mode</c>.</summary>
    /// <inheritdoc cref="Settings"/>
    public static IReadOnlyList<DesiredFile> Files(JsonElement value, string place) =>
        Members(value, place, "an object of absolute paths with {\"content\": base64, \"mode\": number}", static (member, at) =>
        {
            Demand(TwinText.IsPath(member.Name), at, $"A file is named by an absolute path of at most {TwinText.MaxPathBytes} bytes, without . and ..");
            Demand(member.Value.ValueKind == JsonValueKind.Object, at, "A file is an object with content, in base64, and mode.");
            byte[]? bytes = null;
            var mode = DefaultMode;
            foreach (var field in member.Value.EnumerateObject())
            {
                switch (field.Name)
                {
                    case "content":
                        Demand(
                            field.Value.ValueKind == JsonValueKind.String && field.Value.TryGetBytesFromBase64(out bytes) && bytes.Length <= FileReadArguments.MaxBytes,
                            $"{at}.content", $"The content is at most {FileReadArguments.MaxBytes} bytes in base64.");
                        break;
                    case "mode":
                        Demand(
                            field.Value.ValueKind == JsonValueKind.Number && field.Value.TryGetInt32(out mode) && mode is >= 0 and <= FileWriteArguments.MaxMode,
                            $"{at}.mode", $"The mode is a whole number from 0 to {FileWriteArguments.MaxMode}: 420 is 0644.");
                        break;
                    default:
                        throw new DesiredJsonException($"{at}.{field.Name}", "A file has content and mode, and nothing else.");
                }
            }

            return new DesiredFile(member.Name, mode, bytes ?? throw new DesiredJsonException($"{at}.content", "The content is missing."));
        });

    /// <summary>Names of units.</summary>
    /// <param name="value">An array.</param>
    /// <param name="place">Its name, for what is wrong with it.</param>
    /// <exception cref="DesiredJsonException">It is none.</exception>
    public static IReadOnlyList<string> Units(JsonElement value, string place)
    {
        Demand(value.ValueKind == JsonValueKind.Array, place, "Units are a list of names, such as [\"nginx.service\"].");
        var units = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in value.EnumerateArray())
        {
            var unit = item.ValueKind == JsonValueKind.String ? item.GetString()! : "";
            Demand(TwinText.IsUnit(unit), place, $"'{item}' is no name of a unit, such as nginx.service.");
            Demand(units.Add(unit) && units.Count <= DesiredState.MaxProperties, place, $"{unit} is there twice, or there are more than {DesiredState.MaxProperties}.");
        }

        return [.. units];
    }

    /// <summary>Names with a text, a number, true or false.</summary>
    /// <inheritdoc cref="Settings"/>
    public static IReadOnlyList<DesiredApp> App(JsonElement value, string place) =>
        Members(value, place, "an object of names with texts, numbers, true or false", static (member, at) =>
        {
            Demand(TwinText.IsApp(member.Name), at, $"A value is named like pump.speed: at most {TwinText.MaxNameBytes} letters, digits and ._-, a letter first.");
            var read = member.Value.ValueKind switch
            {
                JsonValueKind.True => AppValue.Of(true),
                JsonValueKind.False => AppValue.Of(false),
                JsonValueKind.Number when member.Value.TryGetDouble(out var number) => AppValue.Of(number),
                JsonValueKind.String => AppValue.Of(member.Value.GetString()!),
                _ => null,
            };
            return new DesiredApp(member.Name, read ?? throw new DesiredJsonException(
                at, $"A value is true, false, a number (0, or from 0.0001 to below 10^15) or a text of at most {AppValue.MaxTextBytes} bytes without control characters."));
        });

    /// <summary>The members of the object that <see cref="Settings"/> and the others read, with the version.</summary>
    public static void Write(Utf8JsonWriter json, DesiredState state)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(state);
        json.WriteNumber("version", state.Version);
        json.WriteStartObject("settings");
        foreach (var setting in state.Settings)
        {
            json.WriteString(setting.Key, setting.Value);
        }

        json.WriteEndObject();
        json.WriteStartObject("files");
        foreach (var file in state.Files)
        {
            json.WriteStartObject(file.Path);
            json.WriteBase64String("content", file.Bytes.Span);
            json.WriteNumber("mode", file.Mode);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartArray("units");
        foreach (var unit in state.Units)
        {
            json.WriteStringValue(unit);
        }

        json.WriteEndArray();
        json.WriteStartObject("app");
        foreach (var app in state.App)
        {
            json.WritePropertyName(app.Name);
            Write(json, app.Value);
        }

        json.WriteEndObject();
    }

    /// <summary>A value of a program.</summary>
    public static void Write(Utf8JsonWriter json, AppValue value)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(value);
        if (value.Kind == AppValueKind.Text)
        {
            json.WriteStringValue(value.Text);
        }
        else
        {
            json.WriteRawValue(value.Text);
        }
    }

    private static List<T> Members<T>(JsonElement value, string place, string what, Func<JsonProperty, string, T> read)
        where T : class
    {
        Demand(value.ValueKind == JsonValueKind.Object, place, $"It is {what}.");
        var names = new HashSet<string>(StringComparer.Ordinal);
        var all = new List<T>();
        foreach (var member in value.EnumerateObject())
        {
            Demand(names.Add(member.Name), $"{place}.{member.Name}", "It is there twice.");
            Demand(names.Count <= DesiredState.MaxProperties, place, $"It has at most {DesiredState.MaxProperties} entries.");
            all.Add(read(member, $"{place}.{member.Name}"));
        }

        return all;
    }

    private static void Demand(bool isRight, string place, string message)
    {
        if (!isRight)
        {
            throw new DesiredJsonException(place, message);
        }
    }
}
