using System.Text;
using Messaging.Cli.Hosting;

namespace Messaging.Cli.Keys.Tokens;

/// <summary>
/// A key in a security token, or a token alone, as a PKCS #11 URI (RFC 7512): <c>pkcs11:token=Fleet;object=alice</c>. What is not named may be anything.
/// </summary>
internal sealed class TokenUri
{
    private const string Scheme = "pkcs11:";

    /// <summary>p11-kit's: all modules that this machine knows, behind one.</summary>
    private const string SystemModule = "p11-kit-proxy.so";

    private TokenUri(string text) => Text = text;

    /// <summary>As it was given.</summary>
    public string Text { get; }

    public string? Token { get; private set; }

    public string? Manufacturer { get; private set; }

    public string? Model { get; private set; }

    public string? Serial { get; private set; }

    /// <summary>CKA_LABEL.</summary>
    public string? Object { get; private set; }

    /// <summary>CKA_ID.</summary>
    public byte[]? Id { get; private set; }

    /// <summary>The library that speaks to the token: an absolute path, or the system's.</summary>
    public string Module { get; private set; } = SystemModule;

    public static bool IsOne(string text) => text.StartsWith(Scheme, StringComparison.Ordinal);

    /// <exception cref="CliException">It is none, or says what is not heeded here.</exception>
    public static TokenUri Parse(string text)
    {
        var uri = new TokenUri(text);
        var query = text.IndexOf('?', StringComparison.Ordinal);
        var path = text[Scheme.Length..(query < 0 ? text.Length : query)];
        foreach (var (name, value) in Attributes(text, path, ';'))
        {
            uri.SetPath(name, value);
        }

        foreach (var (name, value) in Attributes(text, query < 0 ? "" : text[(query + 1)..], '&'))
        {
            uri.SetQuery(name, Utf8(text, value));
        }

        return uri;
    }

    /// <summary>The URI of a key in a token.</summary>
    public static string Of(string token, string serial, string? label, byte[]? id, string module)
    {
        var text = new StringBuilder(Scheme).Append("token=").Append(Uri.EscapeDataString(token));
        text.Append(";serial=").Append(Uri.EscapeDataString(serial));
        if (!string.IsNullOrEmpty(label))
        {
            text.Append(";object=").Append(Uri.EscapeDataString(label));
        }

        foreach (var (index, octet) in (id ?? []).Index())
        {
            text.Append(index == 0 ? ";id=%" : "%").Append(octet.ToString("X2", null));
        }

        return (module == SystemModule ? text : text.Append("?module-path=").Append(Uri.EscapeDataString(module).Replace("%2F", "/", StringComparison.Ordinal))).ToString();
    }

    private static IEnumerable<(string Name, byte[] Value)> Attributes(string text, string part, char separator)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var attribute in part.Split(separator, StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = attribute.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !seen.Add(attribute[..equals]))
            {
                throw Wrong(text, equals <= 0 ? $"'{attribute}' is no NAME=VALUE" : $"{attribute[..equals]} is there twice");
            }

            yield return (attribute[..equals], Decode(text, attribute.AsSpan(equals + 1)));
        }
    }

    /// <summary>Percent-decoding to octets (RFC 3986, section 2.1): an id is not text.</summary>
    private static byte[] Decode(string text, ReadOnlySpan<char> value)
    {
        var octets = new List<byte>(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '%')
            {
                octets.AddRange(Encoding.UTF8.GetBytes(value[i].ToString()));
            }
            else if (i + 2 < value.Length && char.IsAsciiHexDigit(value[i + 1]) && char.IsAsciiHexDigit(value[i + 2]))
            {
                octets.Add((byte)((Convert.FromHexString(value.Slice(i + 1, 2)))[0]));
                i += 2;
            }
            else
            {
                throw Wrong(text, "a % is not followed by two hexadecimal digits");
            }
        }

        return [.. octets];
    }

    private static string Utf8(string text, byte[] value)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(value);
        }
        catch (DecoderFallbackException)
        {
            throw Wrong(text, "a value is no UTF-8");
        }
    }

    private static CliException Wrong(string text, string why) =>
        new($"{text} is no PKCS #11 URI: {why}. Such as: pkcs11:token=Fleet;object=alice. What there is: fleetctl key tokens", ExitCodes.Usage);

    private void SetPath(string name, byte[] value)
    {
        switch (name)
        {
            case "token":
                Token = Utf8(Text, value);
                break;
            case "manufacturer":
                Manufacturer = Utf8(Text, value);
                break;
            case "model":
                Model = Utf8(Text, value);
                break;
            case "serial":
                Serial = Utf8(Text, value);
                break;
            case "object":
                Object = Utf8(Text, value);
                break;
            case "id":
                Id = value.Length > 0 ? value : throw Wrong(Text, "id is empty");
                break;
            case "type" when Utf8(Text, value) == "private":
                break;
            default:
                throw Wrong(Text, $"{name} is not heeded here: token, serial, manufacturer, model, object, id and type=private are");
        }
    }

    private void SetQuery(string name, string value)
    {
        switch (name)
        {
            case "module-path" when Path.IsPathFullyQualified(value):
                Module = value;
                break;
            case "module-path":
                throw Wrong(Text, "module-path has to be an absolute path");
            case "pin-value" or "pin-source":
                throw new CliException($"A PIN does not belong into an argument, which others on this machine can see: leave {name} out, and type it or give --passphrase-file.", ExitCodes.Usage);
            default:
                throw Wrong(Text, $"{name} is not heeded here: module-path is");
        }
    }
}
