using System.Globalization;
using System.Text;

namespace Messaging.Agent.Updates.Root;

/// <summary>Small files of lines <c>key=value</c>, which scripts read and write as well. Values have no line feeds.</summary>
internal sealed class KeyValues
{
    /// <summary>Longer files are none.</summary>
    public const int MaxBytes = 64 * 1024;

    private readonly List<KeyValuePair<string, string>> _values = [];

    /// <summary>The value; empty when there is none. Of several the last one.</summary>
    public string this[string key]
    {
        get
        {
            for (var i = _values.Count - 1; i >= 0; i--)
            {
                if (_values[i].Key == key)
                {
                    return _values[i].Value;
                }
            }

            return "";
        }
    }

    /// <summary>In their order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> All => _values;

    /// <summary>What is no such line is passed over.</summary>
    public static KeyValues Parse(ReadOnlySpan<byte> content)
    {
        var values = new KeyValues();
        foreach (var line in Encoding.UTF8.GetString(content).Split('\n'))
        {
            if (line.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
            {
                values._values.Add(new KeyValuePair<string, string>(line[..at], line[(at + 1)..].TrimEnd('\r')));
            }
        }

        return values;
    }

    /// <summary>A number; 0 when there is none.</summary>
    public long Number(string key) => long.TryParse(this[key], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    public KeyValues Add(string key, string value)
    {
        _values.Add(new KeyValuePair<string, string>(key, value.ReplaceLineEndings(" ")));
        return this;
    }

    public KeyValues Add(string key, long value) => Add(key, value.ToString(CultureInfo.InvariantCulture));

    public byte[] Format()
    {
        var text = new StringBuilder();
        foreach (var (key, value) in _values)
        {
            text.Append(key).Append('=').Append(value).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
