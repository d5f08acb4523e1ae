using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Messaging.Commands;
using Messaging.Twin;
using Messaging.Wire;

namespace Messaging.FleetServer.Commands;

/// <summary>Reads the JSON arguments of a command; what is wrong names the argument.</summary>
internal sealed class ArgumentReader
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");
    private readonly JsonElement? _args;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentProblemException">The arguments are no object.</exception>
    public ArgumentReader(JsonElement? args)
    {
        _args = args is { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } ? null : args;
        if (_args is { ValueKind: not JsonValueKind.Object })
        {
            throw new ArgumentProblemException("args", "The arguments are a JSON object.");
        }

        if (_args is { } given && !IsUnicode(given))
        {
            throw new ArgumentProblemException("args", "The arguments have text that is no Unicode: half of a surrogate pair.");
        }
    }

    /// <param name="name">The argument.</param>
    /// <param name="maxBytes">Of its UTF-8 form.</param>
    public string Text(string name, int maxBytes)
    {
        var value = Find(name) ?? throw new ArgumentProblemException($"args.{name}", $"The argument {name} is missing.");
        return Text(value, name, maxBytes, mayBeEmpty: false);
    }

    /// <summary>A list of texts; none when the argument is missing.</summary>
    public IReadOnlyList<string> Texts(string name, int maxCount, int maxBytes, bool mayBeEmpty = false)
    {
        if (Find(name) is not { } value)
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > maxCount)
        {
            throw new ArgumentProblemException($"args.{name}", $"The argument {name} is a list of at most {maxCount} texts.");
        }

        return [.. value.EnumerateArray().Select(item => Text(item, name, maxBytes, mayBeEmpty))];
    }

    public bool Boolean(string name) => Find(name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw new ArgumentProblemException($"args.{name}", $"The argument {name} is true or false."),
    };

    /// <summary>False when the argument is missing or null.</summary>
    public bool Flag(string name) => Find(name) is { ValueKind: not JsonValueKind.Null } && Boolean(name);

    /// <summary>One of these words.</summary>
    public string Choice(string name, IReadOnlyList<string> choices)
    {
        var text = Text(name, 64);
        return choices.Contains(text, StringComparer.Ordinal)
            ? text
            : throw new ArgumentProblemException($"args.{name}", $"The argument {name} is one of: {string.Join(", ", choices)}.");
    }

    /// <summary>Packages as <c>name</c> or <c>name=version</c>; none when the argument is missing.</summary>
    public IReadOnlyList<PackageReference> Packages(string name)
    {
        var packages = new List<PackageReference>();
        foreach (var text in Texts(name, PackagesArguments.MaxPackages, (2 * PackageReference.MaxBytes) + 1))
        {
            packages.Add(PackageReference.TryParse(text, out var package)
                ? package
                : throw new ArgumentProblemException($"args.{name}", $"{text} is no Debian package: a name, or name=version."));
        }

        return packages;
    }

    /// <summary>Bytes; none when the argument is missing and need not be there.</summary>
    public byte[] Base64(string name, int maxBytes, bool isRequired = false)
    {
        if (Find(name) is not { ValueKind: not JsonValueKind.Null } value)
        {
            return isRequired ? throw new ArgumentProblemException($"args.{name}", $"The argument {name} is missing.") : [];
        }

        return value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out var bytes) && bytes.Length <= maxBytes
            ? bytes
            : throw new ArgumentProblemException($"args.{name}", $"The argument {name} takes at most {maxBytes} bytes in base64.");
    }

    /// <summary>A number from 0 to 1.</summary>
    public double Share(string name) =>
        Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var share) && share is >= 0 and <= 1
            ? share
            : throw new ArgumentProblemException($"args.{name}", $"The argument {name} is a number from 0 to 1.");

    /// <summary>A number between two others; null when the argument is missing or null.</summary>
    public double? Share(string name, double min, double max)
    {
        if (Find(name) is not { ValueKind: not JsonValueKind.Null } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var share) && share >= min && share <= max
            ? share
            : throw new ArgumentProblemException($"args.{name}", string.Create(CultureInfo.InvariantCulture, $"The argument {name} is a number from {min} to {max}."));
    }

    /// <summary>A whole number; null when the argument is missing or null.</summary>
    public long? Whole(string name, long min, long max)
    {
        if (Find(name) is not { ValueKind: not JsonValueKind.Null } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= min && number <= max
            ? number
            : throw new ArgumentProblemException($"args.{name}", $"The argument {name} is a whole number from {min} to {max}.");
    }

    /// <summary>The id of a command.</summary>
    public CommandId Id(string name) =>
        Find(name) is { ValueKind: JsonValueKind.String } value && CommandId.TryParse(value.GetString(), out var id)
            ? id
            : throw new ArgumentProblemException($"args.{name}", $"The argument {name} is the id of a command: 32 lower-case hexadecimal digits.");

    /// <summary>SHA-256 in hexadecimal digits, or empty; null when the argument is missing or null.</summary>
    public ReadOnlyMemory<byte>? Hash(string name)
    {
        if (Find(name) is not { ValueKind: not JsonValueKind.Null } value)
        {
            return null;
        }

        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "-";
        return text.Length is 0 or 64 && !text.AsSpan().ContainsAnyExcept(HexDigits)
            ? Convert.FromHexString(text)
            : throw new ArgumentProblemException($"args.{name}", $"The argument {name} is a SHA-256 in 64 lower-case hexadecimal digits, or empty.");
    }

    /// <summary>At least one whole millisecond; null when the argument is missing or null.</summary>
    public TimeSpan? Milliseconds(string name, TimeSpan longest)
    {
        if (Find(name) is not { ValueKind: not JsonValueKind.Null } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var milliseconds) && milliseconds >= 1 && milliseconds <= longest.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(milliseconds)
            : throw new ArgumentProblemException($"args.{name}", $"The argument {name} is a whole number of milliseconds from 1 to {longest.TotalMilliseconds}.");
    }

    /// <summary>Whole milliseconds by name.</summary>
    public IReadOnlyList<KeyValuePair<string, TimeSpan>> Intervals(string name, int maxCount, TimeSpan longest)
    {
        var field = $"args.{name}";
        if (Find(name) is not { ValueKind: JsonValueKind.Object } value)
        {
            throw new ArgumentProblemException(field, $"The argument {name} is an object of collectors with their milliseconds.");
        }

        var intervals = new List<KeyValuePair<string, TimeSpan>>();
        foreach (var property in value.EnumerateObject())
        {
            if (property.Name.Length is 0 or > 64
                || property.Value.ValueKind != JsonValueKind.Number
                || !property.Value.TryGetInt64(out var milliseconds)
                || milliseconds < 0
                || milliseconds > longest.TotalMilliseconds)
            {
                throw new ArgumentProblemException(
                    $"{field}.{property.Name}", $"An interval is a whole number of milliseconds from 0 (off) to {longest.TotalMilliseconds}.");
            }

            intervals.Add(new(property.Name, TimeSpan.FromMilliseconds(milliseconds)));
        }

        return intervals.Count is > 0 && intervals.Count <= maxCount
            ? intervals
            : throw new ArgumentProblemException(field, $"The argument {name} has 1 to {maxCount} entries.");
    }

    /// <summary>A desired state, whose members the arguments are.</summary>
    public DesiredState Desired()
    {
        var version = (ulong)(Whole("version", 1, (long)DesiredState.MaxVersion)
            ?? throw new ArgumentProblemException("args.version", "The argument version is missing: one above that of the state before."));
        try
        {
            var state = new DesiredState(
                version,
                Part("settings") is { } settings ? DesiredJson.Settings(settings, "settings") : [],
                Part("files") is { } files ? DesiredJson.Files(files, "files") : [],
                Part("units") is { } units ? DesiredJson.Units(units, "units") : [],
                Part("app") is { } app ? DesiredJson.App(app, "app") : []);
            _ = state.Encode();
            return state;
        }
        catch (DesiredJsonException problem)
        {
            throw new ArgumentProblemException($"args.{problem.Place}", problem.Message);
        }
        catch (InvalidOperationException problem)
        {
            throw new ArgumentProblemException("args", problem.Message);
        }

        JsonElement? Part(string name) => Find(name) is { ValueKind: not JsonValueKind.Null } part ? part : null;
    }

    /// <exception cref="ArgumentProblemException">There is an argument that nobody read: a typing error would pass unnoticed.</exception>
    public void End()
    {
        var stray = _args?.EnumerateObject().Select(property => property.Name).FirstOrDefault(name => !_known.Contains(name));
        if (stray is not null)
        {
            throw new ArgumentProblemException($"args.{stray}", "The command has no such argument.");
        }
    }

    /// <summary>JSON can escape half of a surrogate pair; reading such a text throws, so none is let in.</summary>
    private static bool IsUnicode(JsonElement value)
    {
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(value));
        while (reader.Read())
        {
            if (reader.ValueIsEscaped && HasLoneSurrogate(reader.ValueSpan))
            {
                return false;
            }
        }

        return true;
    }

    /// <param name="text">With its escapes, which the parser has checked.</param>
    private static bool HasLoneSurrogate(ReadOnlySpan<byte> text)
    {
        var high = false;
        for (var i = 0; i < text.Length; i++)
        {
            var unit = '\0';
            if (text[i] == '\\')
            {
                i++;
                if (text[i] == 'u')
                {
                    unit = (char)ushort.Parse(text.Slice(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                    i += 4;
                }
            }

            if (char.IsLowSurrogate(unit) != high)
            {
                return true;
            }

            high = char.IsHighSurrogate(unit);
        }

        return high;
    }

    private static string Text(JsonElement value, string name, int maxBytes, bool mayBeEmpty)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is not null && (text.Length > 0 || mayBeEmpty) && !text.Contains('\0') && Encoding.UTF8.GetByteCount(text) <= maxBytes
            ? text
            : throw new ArgumentProblemException($"args.{name}", $"The argument {name} takes a text of {(mayBeEmpty ? 0 : 1)} to {maxBytes} bytes without NUL.");
    }

    private JsonElement? Find(string name)
    {
        _known.Add(name);
        return _args is { } args && args.TryGetProperty(name, out var value) ? value : null;
    }
}
