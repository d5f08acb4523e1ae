using Messaging.FleetServer.Files;

namespace Messaging.FleetServer.Api;

/// <summary>Headers that keep a browser from doing more with an answer than it is for.</summary>
internal sealed class SecurityHeadersMiddleware(RequestDelegate next)
{
    /// <summary>Neither scripts nor styles may be inline: the dashboard sets sizes through the object model, which the policy allows.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>The page that shows the API's description brings a script and a worker of its own in the page.</summary>
    private const string ReferencePagePolicy =
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>What a device sent is no page; should a browser show it all the same, it runs nothing and has no origin.</summary>
    private const string DownloadPolicy = "default-src 'none'; sandbox";

    public Task InvokeAsync(HttpContext context)
    {
        // At the last moment: what an error clears away before must be there, too.
        context.Response.OnStarting(static state => Add((HttpContext)state), context);
        return next(context);
    }

    private static Task Add(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments("/scalar") ? ReferencePagePolicy
            : context.GetEndpoint()?.Metadata.GetMetadata<DownloadAttribute>() is null ? ContentSecurityPolicy : DownloadPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        if (context.Request.Path.StartsWithSegments("/api") && (headers.CacheControl.Count == 0 || context.GetEndpoint()?.Metadata.GetMetadata<CacheableAttribute>() is null))
        {
            headers.CacheControl = "no-store";
        }

        return Task.CompletedTask;
    }
}
