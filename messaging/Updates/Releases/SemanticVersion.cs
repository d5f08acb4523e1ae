using System.Diagnostics.CodeAnalysis;

namespace Messaging.Updates.Releases;

/// <summary>A version as of Semantic Versioning 2.0.0.</summary>
public sealed class SemanticVersion
{
    /// <summary>The most characters.</summary>
    public const int MaxLength = 64;

    private readonly string _text;
    private readonly string[] _core;
    private readonly string[] _preRelease;

    private SemanticVersion(string text, string[] core, string[] preRelease) => (_text, _core, _preRelease) = (text, core, preRelease);

    /// <summary>Reads a version: MAJOR.MINOR.PATCH, then maybe a minus and a pre-release, then maybe a plus and something about the build.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SemanticVersion? version)
    {
        version = null;
        if (text is null || text.Length is 0 or > MaxLength)
        {
            return false;
        }

        var plus = text.IndexOf('+', StringComparison.Ordinal);
        var front = plus < 0 ? text : text[..plus];
        if (plus >= 0 && !AreIdentifiers(text[(plus + 1)..].Split('.'), isPreRelease: false))
        {
            return false;
        }

        var minus = front.IndexOf('-', StringComparison.Ordinal);
        var core = (minus < 0 ? front : front[..minus]).Split('.');
        var preRelease = minus < 0 ? [] : front[(minus + 1)..].Split('.');
        if (core.Length != 3 || !AreIdentifiers(preRelease, isPreRelease: true))
        {
            return false;
        }

        foreach (var number in core)
        {
            if (number.Length == 0 || (number.Length > 1 && number[0] == '0') || !IsNumeric(number))
            {
                return false;
            }
        }

        version = new SemanticVersion(text, core, preRelease);
        return true;
    }

    /// <summary>The order of precedence (section 11): what stands behind a plus makes no difference.</summary>
    /// <param name="other">The version to compare with.</param>
    /// <returns>Below, above or equal to 0 as this one is below, above or equal to the other.</returns>
    public int Order(SemanticVersion other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var i = 0; i < _core.Length; i++)
        {
            if (Compare(_core[i], other._core[i]) is not 0 and var order)
            {
                return order;
            }
        }

        if (_preRelease.Length == 0 || other._preRelease.Length == 0)
        {
            // A version without a pre-release is above all of its pre-releases.
            return Math.Sign(other._preRelease.Length) - Math.Sign(_preRelease.Length);
        }

        for (var i = 0; i < _preRelease.Length && i < other._preRelease.Length; i++)
        {
            if (Compare(_preRelease[i], other._preRelease[i]) is not 0 and var order)
            {
                return order;
            }
        }

        return _preRelease.Length.CompareTo(other._preRelease.Length);
    }

    /// <summary>As it was read.</summary>
    public override string ToString() => _text;

    private static int Compare(string left, string right) => (IsNumeric(left), IsNumeric(right)) switch
    {
        // Without leading zeros the longer number is the higher one, however long it is.
        (true, true) when left.Length != right.Length => left.Length < right.Length ? -1 : 1,
        (true, false) => -1,
        (false, true) => 1,
        _ => Math.Sign(string.CompareOrdinal(left, right)),
    };

    private static bool AreIdentifiers(string[] identifiers, bool isPreRelease)
    {
        foreach (var one in identifiers)
        {
            if (one.Length == 0 || (isPreRelease && one.Length > 1 && one[0] == '0' && IsNumeric(one)))
            {
                return false;
            }

            foreach (var c in one)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '-')
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool IsNumeric(string text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }
        }

        return true;
    }
}
