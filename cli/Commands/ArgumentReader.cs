using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Messaging.Cli.Configuration;
using Messaging.Cli.Hosting;
using Messaging.Commands;
using Messaging.Twin;
using Messaging.Wire;

namespace Messaging.Cli.Commands;

/// <summary>Reads the JSON arguments of a command; what is wrong names the argument.</summary>
internal sealed class ArgumentReader
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");
    private readonly string _type;
    private readonly JsonElement _args;
    private readonly List<string> _known = [];

    /// <exception cref="CliException">The arguments are no object.</exception>
    public ArgumentReader(string type, JsonElement args)
    {
        _type = type;
        _args = args;
        if (args.ValueKind != JsonValueKind.Object)
        {
            throw new CliException("--args takes a JSON object: --args '{\"name\":\"value\"}'.", ExitCodes.Usage);
        }
    }

    /// <param name="name">The argument.</param>
    /// <param name="maxBytes">Of its UTF-8 form.</param>
    public string Text(string name, int maxBytes) => Find(name) is { } value ? Text(value, name, maxBytes, mayBeEmpty: false) : throw Wrong(name, "is missing");

    /// <summary>A list of texts; none when the argument is missing.</summary>
    public IReadOnlyList<string> Texts(string name, int maxCount, int maxBytes, bool mayBeEmpty = false)
    {
        if (Find(name) is not { } value)
        {
            return [];
        }

        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= maxCount
            ? [.. value.EnumerateArray().Select(item => Text(item, name, maxBytes, mayBeEmpty))]
            : throw Wrong(name, $"is a list of at most {maxCount} texts");
    }

    public bool Boolean(string name) => Find(name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Wrong(name, "is true or false"),
    };

    /// <summary>False when the argument is missing or null.</summary>
    public bool Flag(string name) => Find(name) is { ValueKind: not JsonValueKind.Null } && Boolean(name);

    /// <summary>One of these words.</summary>
    public string Choice(string name, IReadOnlyList<string> choices)
    {
        var text = Text(name, 64);
        return choices.Contains(text, StringComparer.Ordinal) ? text : throw Wrong(name, $"is one of: {string.Join(", ", choices)}");
    }

    /// <summary>Packages as <c>name</c> or <c>name=version</c>; none when the argument is missing.</summary>
    public IReadOnlyList<PackageReference> Packages(string name)
    {
        var packages = new List<PackageReference>();
        foreach (var text in Texts(name, PackagesArguments.MaxPackages, (2 * PackageReference.MaxBytes) + 1))
        {
            packages.Add(PackageReference.TryParse(text, out var package) ? package : throw Wrong(name, $"has {text}, which is no Debian package: a name, or name=version"));
        }

        return packages;
    }

    /// <summary>Bytes; none when the argument is missing and need not be there.</summary>
    public byte[] Base64(string name, int maxBytes, bool isRequired = false)
    {
        if (Find(name) is not { ValueKind: not JsonValueKind.Null } value)
        {
            return isRequired ? throw Wrong(name, "is missing") : [];
        }

        return value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out var bytes) && bytes.Length <= maxBytes
            ? bytes
            : throw Wrong(name, $"takes at most {maxBytes} bytes in base64");
    }

    /// <summary>A number from 0 to 1.</summary>
    public double Share(string name) =>
        Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var share) && share is >= 0 and <= 1
            ? share
            : throw Wrong(name, "is a number from 0 to 1");

    /// <summary>A number between two others; null when the argument is missing or null.</summary>
    public double? Share(string name, double min, double max)
    {
        if (Find(name) is not { ValueKind: not JsonValueKind.Null } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var share) && share >= min && share <= max
            ? share
            : throw Wrong(name, string.Create(CultureInfo.InvariantCulture, $"is a number from {min} to {max}"));
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
            : throw Wrong(name, $"is a whole number from {min} to {max}");
    }

    /// <summary>The id of a command.</summary>
    public CommandId Id(string name) =>
        Find(name) is { ValueKind: JsonValueKind.String } value && CommandId.TryParse(value.GetString(), out var id)
            ? id
            : throw Wrong(name, "is the id of a command: 32 lower-case hexadecimal digits");

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
            : throw Wrong(name, "is a SHA-256 in 64 lower-case hexadecimal digits, or empty");
    }

    /// <summary>At least one millisecond; null when the argument is missing or null.</summary>
    public TimeSpan? Pulse(string name, TimeSpan longest)
    {
        if (Find(name) is not { ValueKind: not JsonValueKind.Null } value)
        {
            return null;
        }

        return TryMilliseconds(value, longest, out var duration) && duration > TimeSpan.Zero
            ? duration
            : throw Wrong(name, $"takes 1 to {longest.TotalMilliseconds} whole milliseconds, or a text such as \"500ms\" or \"2s\"");
    }

    /// <summary>Durations by name; 0 is one.</summary>
    public IReadOnlyList<KeyValuePair<string, TimeSpan>> Intervals(string name, int maxCount, int maxNameBytes, TimeSpan longest)
    {
        if (Find(name) is not { ValueKind: JsonValueKind.Object } value || value.GetPropertyCount() is 0 || value.GetPropertyCount() > maxCount)
        {
            throw Wrong(name, $"is an object of 1 to {maxCount} collectors with their intervals: {{\"cpu\":\"10s\"}}");
        }

        return
        [
            .. value.EnumerateObject().Select(property =>
                IsText(property.Name, maxNameBytes) && TryMilliseconds(property.Value, longest, out var interval)
                    ? KeyValuePair.Create(property.Name, interval)
                    : throw Wrong(
                        $"{name}.{property.Name}",
                        $"takes 0 (off) to {longest.TotalMilliseconds} whole milliseconds, or a text such as \"10s\"; a name has at most {maxNameBytes} bytes")),
        ];
    }

    /// <summary>A desired state, whose members the arguments are.</summary>
    public DesiredState Desired()
    {
        var version = (ulong)(Whole("version", 1, (long)DesiredState.MaxVersion) ?? throw Wrong("version", "is missing: one above that of the state before"));
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
            throw new CliException($"{_type}: {problem.Place}: {problem.Message}", ExitCodes.Usage);
        }

        JsonElement? Part(string name) => Find(name) is { ValueKind: not JsonValueKind.Null } part ? part : null;
    }

    /// <exception cref="CliException">There is an argument that nobody read: a typing error would pass unnoticed.</exception>
    public void End()
    {
        foreach (var property in _args.EnumerateObject())
        {
            if (!_known.Contains(property.Name))
            {
                throw new CliException(
                    $"--args: {_type} has no argument {property.Name}; it has {(_known.Count == 0 ? "none" : string.Join(", ", _known))}.", ExitCodes.Usage);
            }
        }
    }

    private static bool IsText(string text, int maxBytes) => text.Length > 0 && !text.Contains('\0') && Encoding.UTF8.GetByteCount(text) <= maxBytes;

    private static bool TryMilliseconds(JsonElement value, TimeSpan longest, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var isRead = false;
        if (value.ValueKind == JsonValueKind.Number)
        {
            isRead = value.TryGetInt64(out var milliseconds) && milliseconds >= 0 && milliseconds <= longest.TotalMilliseconds;
            duration = isRead ? TimeSpan.FromMilliseconds(milliseconds) : TimeSpan.Zero;
        }
        else if (value.ValueKind == JsonValueKind.String)
        {
            // A part of a millisecond would become 0, which means off.
            isRead = DurationText.TryParse(value.GetString()!, out duration) && duration.Ticks % TimeSpan.TicksPerMillisecond == 0 && duration <= longest;
        }

        return isRead;
    }

    private string Text(JsonElement value, string name, int maxBytes, bool mayBeEmpty) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { } text && (IsText(text, maxBytes) || (mayBeEmpty && text.Length == 0))
            ? text
            : throw Wrong(name, $"takes a text of {(mayBeEmpty ? 0 : 1)} to {maxBytes} bytes without NUL");

    public CliException Wrong(string name, string what) => new($"--args: {_type}'s argument {name} {what}.", ExitCodes.Usage);

    private JsonElement? Find(string name)
    {
        _known.Add(name);
        return _args.TryGetProperty(name, out var value) ? value : null;
    }
}
