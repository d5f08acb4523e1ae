using System.Text;

namespace Messaging.Twin;

/// <summary>What names and texts of a desired state may be. Pure.</summary>
public static class TwinText
{
    /// <summary>The most bytes of the name of a setting or of a program's value.</summary>
    public const int MaxNameBytes = 128;

    /// <summary>The most bytes of a file's path.</summary>
    public const int MaxPathBytes = 1024;

    /// <summary>The most bytes of a unit's name.</summary>
    public const int MaxUnitBytes = 255;

    /// <summary>The most bytes of a setting's value.</summary>
    public const int MaxSettingBytes = 1024;

    /// <summary><c>Section:Key</c>: letters, digits, dots, <c>:</c>, <c>-</c> and <c>_</c>, with a <c>:</c> within.</summary>
    public static bool IsSetting(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.IndexOf(':', StringComparison.Ordinal) > 0 && key[^1] != ':' && HasOnly(key, MaxNameBytes, ":._-");
    }

    /// <summary><c>a.b</c>: a letter, then letters, digits, dots, <c>-</c> and <c>_</c>.</summary>
    public static bool IsApp(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length > 0 && char.IsAsciiLetter(name[0]) && HasOnly(name, MaxNameBytes, "._-");
    }

    /// <summary>A name of systemd's, with its type.</summary>
    public static bool IsUnit(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.IndexOf('.', StringComparison.Ordinal) > 0 && name[^1] != '.' && HasOnly(name, MaxUnitBytes, ":._-\\@");
    }

    /// <summary>Absolute, and of names only: neither empty ones nor <c>.</c> or <c>..</c>.</summary>
    public static bool IsPath(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length < 2 || path[0] != '/' || !IsClean(path) || Encoding.UTF8.GetByteCount(path) > MaxPathBytes)
        {
            return false;
        }

        foreach (var name in path[1..].Split('/'))
        {
            if (name.Length == 0 || name is "." or "..")
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A setting's value.</summary>
    public static bool IsSettingValue(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return IsClean(value) && Encoding.UTF8.GetByteCount(value) <= MaxSettingBytes;
    }

    /// <summary>Unicode without control characters: what stands in a line and on a screen.</summary>
    public static bool IsClean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) || (char.IsSurrogate(text[i]) && !IsPair(text, ref i)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>By their bytes of UTF-8, as names stand in a desired state.</summary>
    public static int Compare(string left, string right) => Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));

    private static bool IsPair(string text, ref int at) =>
        char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[++at]);

    private static bool HasOnly(string text, int max, string others)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && others.IndexOf(c, StringComparison.Ordinal) < 0)
            {
                return false;
            }
        }

        return text.Length <= max;
    }
}
