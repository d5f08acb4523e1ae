using System.Globalization;
using Messaging.Agent.Collect;
using Messaging.Agent.Files;
using Messaging.Files;
using Messaging.Telemetry;
using Messaging.Twin;

namespace Messaging.Agent.Local;

/// <summary>Reads a line of the local protocol: docs/reference/local.md. Pure; never throws for what is in the line.</summary>
internal static class LocalLine
{
    private const int MaxNameChars = 128;
    private const int MaxAttributes = 32;
    private const int MaxKeyChars = 128;
    private const int MaxValueChars = 1000;
    private const int MaxUnitBytes = 64;

    /// <summary>Names that say who sent it belong to the agent.</summary>
    private const string Reserved = "local.";
    private static readonly (string Word, int Severity)[] Severities = [("trace", 1), ("debug", 5), ("info", 9), ("warn", 13), ("error", 17), ("fatal", 21)];

    /// <returns>Null, or why the line is refused.</returns>
    public static string? Parse(string line, out LocalRequest? request)
    {
        request = null;
        if (!LineTokens.TrySplit(line, out var tokens, out var problem))
        {
            return problem;
        }

        return (tokens.Length == 0 ? "" : tokens[0].Text, tokens.Length) switch
        {
            ("metric", _) => Metric(tokens.AsSpan(1), out request),
            ("event", _) => Event(tokens.AsSpan(1), out request),
            ("log", _) => Log(tokens.AsSpan(1), out request),
            ("file", _) => File(tokens.AsSpan(1), out request),
            ("listen", 2) => Listen(tokens[1].Text, out request),
            ("output", 3) => Take(new LocalRequest.Output(tokens[1].Text, tokens[2].Text), out request),
            ("done", 2) => Take(new LocalRequest.Ended(tokens[1].Text, IsDone: true, ""), out request),
            ("done", 3) => Take(new LocalRequest.Ended(tokens[1].Text, IsDone: true, tokens[2].Text), out request),
            ("failed", 3) => Take(new LocalRequest.Ended(tokens[1].Text, IsDone: false, tokens[2].Text), out request),
            ("get", 2) => Named(tokens[1].Text, new LocalRequest.Get(tokens[1].Text), out request),
            ("watch", 1) => Take(new LocalRequest.Watch(), out request),
            ("report", 3) when tokens[2].Key == "error" => Report(tokens[1].Text, null, tokens[2].Value, out request),
            ("report", 3) => Report(tokens[1].Text, tokens[2].Text, null, out request),
            ("report", 4) when tokens[3].Key == "error" => Report(tokens[1].Text, tokens[2].Text, tokens[3].Value, out request),
            ("ping", 1) => Take(new LocalRequest.Ping(), out request),
            (_, 0) => "the line is empty",
            var (word, _) => $"'{word}' is no request, or has the wrong number of words",
        };
    }

    public static string? Metric(ReadOnlySpan<LineToken> tokens, out LocalRequest? request)
    {
        request = null;
        if (tokens.Length < 2)
        {
            return "metric takes a name and a value";
        }

        if (!IsName(tokens[0].Text))
        {
            return $"'{tokens[0].Text}' is no name: letters, digits, dots, - and _";
        }

        if (!double.TryParse(tokens[1].Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            return $"'{tokens[1].Text}' is no number";
        }

        if (Pairs(tokens[2..], out var attributes) is { } problem)
        {
            return problem;
        }

        var unit = Remove(attributes, "unit") ?? "1";
        var kind = Remove(attributes, "kind") ?? "gauge";
        if (System.Text.Encoding.UTF8.GetByteCount(unit) > MaxUnitBytes)
        {
            return "the unit is too long";
        }

        InstrumentKind? instrument = kind switch
        {
            "gauge" => InstrumentKind.Gauge,
            "counter" => InstrumentKind.Counter,
            "updowncounter" => InstrumentKind.UpDownCounter,
            _ => null,
        };
        return instrument is { } known
            ? Take(new LocalRequest.Metric(new MetricDefinition(tokens[0].Text, unit, known), value, attributes), out request)
            : $"'{kind}' is none of gauge, counter, updowncounter";
    }

    public static string? Event(ReadOnlySpan<LineToken> tokens, out LocalRequest? request)
    {
        request = null;
        if (tokens.Length < 1 || !IsName(tokens[0].Text))
        {
            return "event takes a name: letters, digits, dots, - and _";
        }

        if (Pairs(tokens[1..], out var attributes) is { } problem)
        {
            return problem;
        }

        var word = Remove(attributes, "severity") ?? "info";
        return Severity(word) is { } severity
            ? Take(new LocalRequest.Event(tokens[0].Text, severity, attributes), out request)
            : NoSeverity(word);
    }

    public static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameChars && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static string? Log(ReadOnlySpan<LineToken> tokens, out LocalRequest? request)
    {
        request = null;
        if (tokens.Length < 2)
        {
            return "log takes a severity and a text";
        }

        if (Severity(tokens[0].Text) is not { } severity)
        {
            return NoSeverity(tokens[0].Text);
        }

        if (Pairs(tokens[2..], out var attributes) is { } problem)
        {
            return problem;
        }

        var source = Remove(attributes, "source") ?? "local";
        return source.Length is > 0 and <= MaxNameChars && System.Text.Encoding.UTF8.GetByteCount(tokens[1].Text) <= LogEntry.MaxBodyBytes
            ? Take(new LocalRequest.Log(severity, source, tokens[1].Text, attributes), out request)
            : "the source or the text is too long";
    }

    private static string? File(ReadOnlySpan<LineToken> tokens, out LocalRequest? request)
    {
        request = null;
        if (tokens.Length < 1 || !FileName.IsValid(tokens[0].Text))
        {
            return "file takes the name of a file in the folder files, without a path";
        }

        if (Pairs(tokens[1..], out var attributes) is { } problem)
        {
            return problem;
        }

        var name = Remove(attributes, "name") ?? tokens[0].Text.TrimStart('.');
        var mediaType = Remove(attributes, "type") ?? MediaTypes.Of(name);
        return !FileName.IsValid(name) ? "the name must be one part of a path, without control characters, at most 255 bytes"
            : !MediaType.IsValid(mediaType) ? $"'{mediaType}' is no media type, such as image/jpeg"
            : Take(new LocalRequest.File(tokens[0].Text, name, mediaType, attributes), out request);
    }

    private static string? Listen(string name, out LocalRequest? request)
    {
        request = IsName(name) ? new LocalRequest.Listen(name) : null;
        return request is null ? "listen takes a name: letters, digits, dots, - and _" : null;
    }

    private static string? Report(string name, string? text, string? error, out LocalRequest? request)
    {
        request = null;
        return error is { Length: 0 or > MaxValueChars } || (error is not null && !TwinText.IsClean(error))
            ? $"an error is a text of 1 to {MaxValueChars} characters without control characters"
            : Named(name, new LocalRequest.Report(name, text, error), out request);
    }

    private static string? Named(string name, LocalRequest made, out LocalRequest? request)
    {
        request = TwinText.IsApp(name) ? made : null;
        return request is null ? $"'{name}' is no name of a value: letters, digits, dots, - and _, a letter first" : null;
    }

    private static string? Take(LocalRequest made, out LocalRequest? request)
    {
        request = made;
        return null;
    }

    private static int? Severity(string word) => Array.Find(Severities, one => one.Word == word) is { Word: not null, Severity: var severity } ? severity : null;

    private static string NoSeverity(string word) => $"'{word}' is none of {string.Join(", ", Array.ConvertAll(Severities, one => one.Word))}";

    private static string? Remove(List<KeyValuePair<string, string>> attributes, string key)
    {
        var at = attributes.FindIndex(one => one.Key == key);
        if (at < 0)
        {
            return null;
        }

        var value = attributes[at].Value;
        attributes.RemoveAt(at);
        return value;
    }

    private static string? Pairs(ReadOnlySpan<LineToken> tokens, out List<KeyValuePair<string, string>> pairs)
    {
        pairs = [];
        if (tokens.Length > MaxAttributes)
        {
            return $"more than {MaxAttributes} attributes";
        }

        foreach (var token in tokens)
        {
            if (token.Key is not { Length: > 0 and <= MaxKeyChars } key)
            {
                return $"'{token.Text}' is not key=value; a text with blanks stands in quotes";
            }

            if (key.StartsWith(Reserved, StringComparison.Ordinal))
            {
                return $"attributes that begin with {Reserved} are the agent's";
            }

            if (token.Value.Length > MaxValueChars)
            {
                return $"the value of {key} is longer than {MaxValueChars} characters";
            }

            if (pairs.Exists(one => one.Key == key))
            {
                return $"{key} is there twice";
            }

            pairs.Add(new(key, token.Value));
        }

        return null;
    }
}
