using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Messaging.Commands;

/// <summary>A package, and a version of it where one is meant: <c>name</c> or <c>name=version</c>, by the grammar of Debian Policy, 5.6.7 and 5.6.12.</summary>
public sealed class PackageReference
{
    /// <summary>The most bytes of a name, and of a version.</summary>
    public const int MaxBytes = 128;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789+-.");
    private static readonly SearchValues<char> VersionCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.+-~");

    private PackageReference(string name, string? version)
    {
        Name = name;
        Version = version;
    }

    /// <summary>At least two characters of a-z, 0-9, plus, minus and full stop; the first is a letter or a digit.</summary>
    public string Name { get; }

    /// <summary>Null: whichever is the newest.</summary>
    public string? Version { get; }

    /// <summary>False when it is none.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PackageReference? package)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return TryCreate(at < 0 ? text : text[..at], at < 0 ? null : text[(at + 1)..], out package);
    }

    /// <summary>False when it is none.</summary>
    public static bool TryCreate(string name, string? version, [NotNullWhen(true)] out PackageReference? package)
    {
        package = IsName(name) && (version is null || IsVersion(version)) ? new PackageReference(name, version) : null;
        return package is not null;
    }

    /// <summary>A name that ends with a minus, which no package of Debian has, is none here: apt takes it for an order to remove.</summary>
    public static bool IsName(string text) =>
        text.Length is >= 2 and <= MaxBytes && char.IsAsciiLetterOrDigit(text[0]) && text[^1] != '-' && !text.AsSpan().ContainsAnyExcept(NameCharacters);

    /// <summary>[epoch:]upstream-version[-revision]; the upstream version begins with a digit.</summary>
    public static bool IsVersion(string text)
    {
        if (text.Length is 0 or > MaxBytes)
        {
            return false;
        }

        var rest = text.AsSpan();
        var colon = rest.IndexOf(':');
        if (colon >= 0)
        {
            if (colon == 0 || rest[..colon].ContainsAnyExceptInRange('0', '9'))
            {
                return false;
            }

            rest = rest[(colon + 1)..];
        }

        // What is behind the last minus is the revision, which is not empty.
        return rest.Length > 0 && char.IsAsciiDigit(rest[0]) && rest[^1] != '-' && !rest.ContainsAnyExcept(VersionCharacters);
    }

    /// <summary>As apt takes it.</summary>
    public override string ToString() => Version is null ? Name : Name + "=" + Version;
}
