using System.Net.Http.Headers;

namespace Messaging.FleetServer.Updates.Artifacts;

/// <summary>Which bytes of an artifact a request brings: all, or from some byte on to the end.</summary>
/// <param name="From">The first byte.</param>
/// <param name="Length">Of the whole artifact.</param>
internal readonly record struct UploadSpan(long From, long Length)
{
    /// <summary>Reads Content-Length and Content-Range (<c>bytes 100-199/200</c>). False when it is neither the whole nor the end of one.</summary>
    public static bool TryRead(HttpRequest request, out UploadSpan span)
    {
        span = default;
        if (request.ContentLength is not { } length)
        {
            return false;
        }

        if (request.Headers.ContentRange.Count == 0)
        {
            span = new UploadSpan(0, length);
            return true;
        }

        if (!ContentRangeHeaderValue.TryParse(request.Headers.ContentRange.ToString(), out var range)
            || range is not { Unit: "bytes", From: { } from, To: { } to, Length: { } whole }
            || to + 1 != whole || to + 1 - from != length)
        {
            return false;
        }

        span = new UploadSpan(from, whole);
        return true;
    }
}
