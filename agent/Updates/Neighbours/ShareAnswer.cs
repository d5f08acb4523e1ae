using System.Globalization;
using System.Text;

namespace Messaging.Agent.Updates.Neighbours;

/// <summary>What stands before the bytes, or instead of them. Each connection ends with its answer.</summary>
internal static class ShareAnswer
{
    /// <summary>The bytes that follow.</summary>
    public static byte[] Content(long offset, long count, long length, bool isPart) => Head(
        isPart ? "206 Partial Content" : "200 OK",
        isPart ? string.Concat("Content-Range: bytes ", Write(offset), "-", string.Concat(Write(offset + count - 1), "/", Write(length), "\r\n")) : "",
        count);

    public static byte[] NoSuchRange(long length) => Head("416 Range Not Satisfiable", string.Concat("Content-Range: bytes */", Write(length), "\r\n"), 0);

    public static byte[] Error(int status) => status switch
    {
        400 => Head("400 Bad Request", "", 0),
        404 => Head("404 Not Found", "", 0),
        405 => Head("405 Method Not Allowed", "Allow: GET, HEAD\r\n", 0),
        431 => Head("431 Request Header Fields Too Large", "", 0),
        503 => Head("503 Service Unavailable", "Retry-After: 10\r\n", 0),
        _ => Head("505 HTTP Version Not Supported", "", 0),
    };

    private static byte[] Head(string status, string field, long length) => Encoding.ASCII.GetBytes(
        string.Concat("HTTP/1.1 ", status, "\r\nAccept-Ranges: bytes\r\nConnection: close\r\nContent-Length: ", string.Concat(Write(length), "\r\n", field, "\r\n")));

    private static string Write(long number) => number.ToString(CultureInfo.InvariantCulture);
}
