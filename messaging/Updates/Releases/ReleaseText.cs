using System.Buffers;

namespace Messaging.Updates.Releases;

/// <summary>The names and texts that a release may have.</summary>
public static class ReleaseText
{
    /// <summary>The most bytes of any text.</summary>
    public const int MaxBytes = 1024;

    /// <summary>The most bytes of a parameter's value.</summary>
    public const int MaxValueBytes = 256;

    private const int MaxShort = 32;
    private const int MaxName = 64;
    private static readonly SearchValues<char> KindCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.+-");
    private static readonly SearchValues<char> HardwareCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.,_+-");
    private static readonly SearchValues<char> ParameterCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Whether it names a kind: a letter, then letters, digits and minuses; at most 32.</summary>
    public static bool IsKind(string text) => Is(text, KindCharacters, MaxShort) && char.IsAsciiLetterLower(text[0]);

    /// <summary>Whether it names a component: a letter or digit, then also <c>.+-</c>; at most 64.</summary>
    public static bool IsName(string text) => Is(text, NameCharacters, MaxName) && char.IsAsciiLetterOrDigit(text[0]);

    /// <summary>Whether it names hardware: a letter or digit, then also <c>.,_+-</c>; at most 64.</summary>
    public static bool IsHardware(string text) => Is(text, HardwareCharacters, MaxName) && char.IsAsciiLetterOrDigit(text[0]);

    /// <summary>Whether it names a parameter: a letter, then letters, digits and <c>_</c>; at most 32.</summary>
    public static bool IsParameter(string text) => Is(text, ParameterCharacters, MaxShort) && char.IsAsciiLetterLower(text[0]);

    /// <summary>Whether it is the SHA-256 of something: 64 lower-case hexadecimal digits.</summary>
    public static bool IsSha256(string text) => text.Length == 64 && !text.AsSpan().ContainsAnyExcept(HexDigits);

    /// <summary>Whether it can be the value of a parameter: at most 256 bytes, no control characters.</summary>
    public static bool IsValue(string text)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(text) > MaxValueBytes)
        {
            return false;
        }

        foreach (var c in text)
        {
            if (char.IsControl(c))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether it is <c>host:port</c>; an IPv6 address in brackets.</summary>
    public static bool IsTcp(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0
            && ushort.TryParse(text.AsSpan(colon + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var port)
            && port > 0
            && Uri.CheckHostName(text[..colon]) is not UriHostNameType.Unknown and not UriHostNameType.Basic
            && (text[0] == '[') == text[..colon].Contains(':', StringComparison.Ordinal);
    }

    /// <summary>Whether it is the address of a repository: http or https, without a query and a fragment, so that something can be written behind it.</summary>
    public static bool IsMirror(string text) => IsHttp(text) && text.AsSpan().IndexOfAny('?', '#') < 0;

    /// <summary>Whether it is an address with http or https, of visible ASCII but <c>\</c>, without a user in it.</summary>
    public static bool IsHttp(string text) =>
        text.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0
        && text.AsSpan().IndexOf('\\') < 0
        && Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.Host.Length > 0 && uri.UserInfo.Length == 0;

    private static bool Is(string text, SearchValues<char> characters, int max) =>
        text.Length > 0 && text.Length <= max && !text.AsSpan().ContainsAnyExcept(characters);
}
