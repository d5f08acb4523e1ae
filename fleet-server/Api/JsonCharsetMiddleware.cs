using Microsoft.Net.Http.Headers;

namespace Messaging.FleetServer.Api;

/// <summary>JSON is UTF-8 (RFC 8259, section 8.1): a body that says to be anything else is refused before anybody tries to read it.</summary>
internal sealed class JsonCharsetMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) =>
        context.Request.ContentType is { } text
        && MediaTypeHeaderValue.TryParse(text, out var type)
        && type.Charset is { HasValue: true } charset
        && !HeaderUtilities.RemoveQuotes(charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? Problems.UnsupportedMediaType.ExecuteAsync(context)
            : next(context);
}
