using System.Globalization;
using System.Security.Cryptography;

namespace Messaging.Agent.Updates.Neighbours;

/// <summary>What a neighbour wants: <c>GET</c> or <c>HEAD</c> of <c>/targets/SHA256</c>, by HTTP/1.1 (RFC 9112), all of it or one range. Strict: what is not like that gets an error. Pure.</summary>
internal sealed class ShareRequest
{
    /// <summary>The most bytes of a request.</summary>
    public const int MaxBytes = 2048;

    private const string Prefix = "/targets/";
    private const int HashDigits = SHA256.HashSizeInBytes * 2;

    private ShareRequest(int status) => Status = status;

    /// <summary>200 when it can be answered, else the error.</summary>
    public int Status { get; }

    public bool IsHead { get; private init; }

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public string Sha256 { get; private init; } = "";

    /// <summary>First byte, or -1: the last ones, as many as <see cref="To"/> says; null: all of it.</summary>
    public long? From { get; private init; }

    /// <summary>Last byte; null: to the end.</summary>
    public long? To { get; private init; }

    /// <summary>The end of a request in what came so far: the bytes up to it, or -1.</summary>
    public static int EndOf(ReadOnlySpan<byte> received) => received.IndexOf("\r\n\r\n"u8) is var at and >= 0 ? at + 4 : -1;

    /// <param name="head">Up to <see cref="EndOf"/>.</param>
    public static ShareRequest Parse(ReadOnlySpan<byte> head)
    {
        foreach (var one in head)
        {
            if (one is (< 0x20 or > 0x7E) and not ((byte)'\r' or (byte)'\n' or (byte)'\t'))
            {
                return new ShareRequest(400);
            }
        }

        var lines = System.Text.Encoding.ASCII.GetString(head[..^4]).Split("\r\n");
        var words = lines[0].Split(' ');
        if (words.Length != 3 || words[0].Length == 0 || words[2] != "HTTP/1.1")
        {
            return new ShareRequest(words.Length == 3 && words[2].StartsWith("HTTP/", StringComparison.Ordinal) ? 505 : 400);
        }

        var (hosts, range) = (0, "");
        for (var i = 1; i < lines.Length; i++)
        {
            var line = lines[i];
            var colon = line.IndexOf(':');
            if (colon < 1 || line.AsSpan().IndexOfAny('\r', '\n') >= 0 || line.AsSpan(0, colon).IndexOfAny(' ', '\t') >= 0)
            {
                return new ShareRequest(400);
            }

            var value = line[(colon + 1)..].Trim();
            switch (line[..colon].ToLowerInvariant())
            {
                case "host":
                    hosts++;
                    break;
                case "range" when range.Length == 0:
                    range = value;
                    break;
                case "range" or "transfer-encoding":
                case "content-length" when value != "0":
                    return new ShareRequest(400);
            }
        }

        if (hosts != 1 || lines[0].AsSpan().IndexOfAny('\r', '\n') >= 0)
        {
            return new ShareRequest(400);
        }

        if (words[0] is not ("GET" or "HEAD"))
        {
            return new ShareRequest(405);
        }

        return IsPath(words[1]) ? Read(words[0] == "HEAD", words[1][Prefix.Length..], range) : new ShareRequest(404);
    }

    /// <summary>Where it begins and how many bytes it has; false: there is nothing of it.</summary>
    public bool TryPlace(long length, out long offset, out long count)
    {
        (offset, count) = (0, length);
        if (From is not { } from)
        {
            return true;
        }

        (offset, count) = from < 0 ? (Math.Max(0, length - To!.Value), Math.Min(length, To.Value)) : (from, Math.Min(To ?? length, length - 1) - from + 1);
        return count > 0 && offset < length;
    }

    private static bool IsPath(string path)
    {
        if (path.Length != Prefix.Length + HashDigits || !path.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        foreach (var digit in path.AsSpan(Prefix.Length))
        {
            if (!char.IsAsciiHexDigitLower(digit))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Ranges of another unit, or several, may be passed over (RFC 9110, 14.2): it gets all of it.</summary>
    private static ShareRequest Read(bool isHead, string sha256, string range)
    {
        const string Unit = "bytes=";
        long? from = null;
        long? to = null;
        if (!isHead && range.StartsWith(Unit, StringComparison.Ordinal) && range.IndexOf('-') is var dash and >= 0)
        {
            var (first, last) = (range[Unit.Length..dash], range[(dash + 1)..]);
            var isFirst = long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var low);
            var isLast = long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var high);
            if (isFirst ? last.Length == 0 || (isLast && low <= high) : first.Length == 0 && isLast)
            {
                (from, to) = (isFirst ? low : -1, isLast ? high : null);
            }
        }

        return new ShareRequest(200) { IsHead = isHead, Sha256 = sha256, From = from, To = to };
    }
}
