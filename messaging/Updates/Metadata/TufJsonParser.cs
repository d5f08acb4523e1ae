using System.Text.Json;

namespace Messaging.Updates.Metadata;

/// <summary>
/// The strict reader of metadata: RFC 8259 without comments, trailing commas, byte order marks, fractions, exponents, negative zero and
/// names that stand twice; valid UTF-8 only; within <see cref="TufLimits"/>.
/// </summary>
internal static class TufJsonParser
{
    private static readonly Comparer<byte[]> ByBytes = Comparer<byte[]>.Create(static (left, right) => left.AsSpan().SequenceCompareTo(right));

    /// <exception cref="TufException">It is <see cref="TufFailure.Malformed"/>.</exception>
    public static TufJson Parse(ReadOnlySpan<byte> bytes, string file)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = TufLimits.MaxDepth });
        var left = TufLimits.MaxValues;
        try
        {
            Next(ref reader, file);
            var value = Value(ref reader, file, ref left);
            return reader.Read() ? throw Malformed(file, "something follows the object") : value;
        }
        catch (JsonException e)
        {
            throw Malformed(file, $"no JSON at line {e.LineNumber}, byte {e.BytePositionInLine}");
        }
    }

    private static TufJson Value(ref Utf8JsonReader reader, string file, ref int left)
    {
        if (--left < 0)
        {
            throw Malformed(file, $"more than {TufLimits.MaxValues} values");
        }

        return reader.TokenType switch
        {
            JsonTokenType.Null => TufJson.Null,
            JsonTokenType.False => TufJson.False,
            JsonTokenType.True => TufJson.True,
            JsonTokenType.Number => Integer(ref reader, file),
            JsonTokenType.String => new TufJson(TufJsonKind.Text) { Utf8 = Text(ref reader, file) },
            JsonTokenType.StartArray => Array(ref reader, file, ref left),
            _ => Object(ref reader, file, ref left),
        };
    }

    private static TufJson Array(ref Utf8JsonReader reader, string file, ref int left)
    {
        var items = new List<TufJson>();
        Next(ref reader, file);
        while (reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(Value(ref reader, file, ref left));
            Next(ref reader, file);
        }

        return new TufJson(TufJsonKind.Array) { Items = [.. items] };
    }

    private static TufJson Object(ref Utf8JsonReader reader, string file, ref int left)
    {
        var names = new List<byte[]>();
        var items = new List<TufJson>();
        Next(ref reader, file);
        while (reader.TokenType != JsonTokenType.EndObject)
        {
            names.Add(Text(ref reader, file));
            Next(ref reader, file);
            items.Add(Value(ref reader, file, ref left));
            Next(ref reader, file);
        }

        byte[][] sorted = [.. names];
        TufJson[] values = [.. items];
        System.Array.Sort(sorted, values, ByBytes);
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].AsSpan().SequenceEqual(sorted[i - 1]))
            {
                throw Malformed(file, "a name stands twice in an object");
            }
        }

        return new TufJson(TufJsonKind.Object) { Names = sorted, Items = values };
    }

    private static TufJson Integer(ref Utf8JsonReader reader, string file)
    {
        // "-0" would be signed as "0": two texts for one value.
        if (!reader.TryGetInt64(out var number) || number is > TufLimits.MaxInteger or < -TufLimits.MaxInteger || (number == 0 && reader.ValueSpan.Length != 1))
        {
            throw Malformed(file, "a number is no integer of at most 53 bits");
        }

        return new TufJson(TufJsonKind.Integer) { Number = number };
    }

    private static byte[] Text(ref Utf8JsonReader reader, string file)
    {
        // An escape is never shorter than what it stands for.
        if (reader.ValueSpan.Length > TufLimits.MaxTextBytes)
        {
            throw Malformed(file, $"a text of more than {TufLimits.MaxTextBytes} bytes");
        }

        var text = new byte[reader.ValueSpan.Length];
        try
        {
            var length = reader.CopyString(text);
            return length == text.Length ? text : text[..length];
        }
        catch (InvalidOperationException)
        {
            throw Malformed(file, "a text is not UTF-8");
        }
    }

    private static void Next(ref Utf8JsonReader reader, string file)
    {
        if (!reader.Read())
        {
            throw Malformed(file, "the JSON ends too early");
        }
    }

    private static TufException Malformed(string file, string message) => new(TufFailure.Malformed, file, message);
}
