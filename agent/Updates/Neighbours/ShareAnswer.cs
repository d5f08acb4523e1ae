using System.Text;

namespace Messaging.Agent.Updates.Neighbours;

/// <summary>What stands before the bytes, or instead of them. Each connection ends with its answer.</summary>
internal static class ShareAnswer
{
    /// <summary>When there may be room for one more, in seconds.</summary>
    public const int RetrySeconds = 10;

    /// <summary>The bytes that follow.</summary>
    public static byte[] Content(long offset, long count, long length, bool isPart) => Head(
        isPart ? "206 Partial Content" : "200 OK",
        $"Content-Type: application/octet-stream\r\nAccept-Ranges: bytes\r\nContent-Length: {count}\r\n{(isPart ? $"Content-Range: bytes {offset}-{offset + count - 1}/{length}\r\n" : "")}");

    public static byte[] NoSuchRange(long length) => Head("416 Range Not Satisfiable", $"Content-Range: bytes */{length}\r\nContent-Length: 0\r\n");

    public static byte[] Error(int status) => Head(
        status switch
        {
            400 => "400 Bad Request",
            404 => "404 Not Found",
            405 => "405 Method Not Allowed",
            408 => "408 Request Timeout",
            431 => "431 Request Header Fields Too Large",
            503 => "503 Service Unavailable",
            505 => "505 HTTP Version Not Supported",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, "No error of ours."),
        },
        $"{(status == 405 ? "Allow: GET, HEAD\r\n" : status == 503 ? $"Retry-After: {RetrySeconds}\r\n" : "")}Content-Length: 0\r\n");

    private static byte[] Head(string status, string fields) => Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{fields}Connection: close\r\n\r\n");
}
