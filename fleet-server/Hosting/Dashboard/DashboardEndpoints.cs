using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace Messaging.FleetServer.Hosting.Dashboard;

/// <summary>Serves the built dashboard. Its pages are made in the browser, so every path that is not a file is its index page.</summary>
internal static class DashboardEndpoints
{
    private const string Index = "index.html";

    /// <summary>Names of files below carry a hash of their content: they never change.</summary>
    private const string HashedFolder = "assets/";

    private static readonly string[] Methods = ["GET", "HEAD"];
    private static readonly string[] OwnPrefixes = ["/api", "/health", "/mqtt", "/openapi", "/scalar"];
    private static readonly FileExtensionContentTypeProvider ContentTypes = new();

    public static void MapDashboard(this WebApplication app)
    {
        var folder = app.Services.GetRequiredService<FleetServerOptions>().DashboardFolder ?? Path.Combine(AppContext.BaseDirectory, "dashboard");
        if (!File.Exists(Path.Combine(folder, Index)))
        {
            LogMissing(app.Logger, folder, null);
            return;
        }

        var files = new PhysicalFileProvider(folder);
        app.Lifetime.ApplicationStopped.Register(files.Dispose);
        app.MapMethods("/{**path}", Methods, (string? path, HttpContext context) => Serve(files, path ?? "", context)).ExcludeFromDescription();
    }

    private static IResult Serve(PhysicalFileProvider files, string path, HttpContext context)
    {
        if (Array.Exists(OwnPrefixes, prefix => context.Request.Path.StartsWithSegments(prefix)))
        {
            return Results.NotFound();
        }

        var file = files.GetFileInfo(path.Length == 0 ? Index : path);
        if (!file.Exists)
        {
            // A missing file is missing; a page of the dashboard has no dot in its last part.
            if (path.AsSpan(path.LastIndexOf('/') + 1).Contains('.'))
            {
                return Results.NotFound();
            }

            file = files.GetFileInfo(Index);
        }

        context.Response.Headers.CacheControl = path.StartsWith(HashedFolder, StringComparison.Ordinal)
            ? "public, max-age=31536000, immutable"
            : "no-cache";
        // The dashboard's build leaves a Brotli copy beside the files that shrink. They hold no secret, so their size tells nothing.
        var original = file;
        if (files.GetFileInfo(path + ".br") is { Exists: true } compressed)
        {
            context.Response.Headers.Vary = "Accept-Encoding";
            if (AcceptsBrotli(context.Request))
            {
                context.Response.Headers.ContentEncoding = "br";
                file = compressed;
            }
        }

        var type = ContentTypes.TryGetContentType(original.Name, out var known) ? known : "application/octet-stream";
        var tag = new EntityTagHeaderValue($"\"{file.LastModified.UtcTicks:x}-{file.Length:x}\"");
        return Results.File(file.PhysicalPath!, type, lastModified: file.LastModified, entityTag: tag);
    }

    private static bool AcceptsBrotli(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(static coding => coding.Value.Equals("br", StringComparison.OrdinalIgnoreCase) && coding.Quality is not 0);

    private static readonly Action<ILogger, string, Exception?> LogMissing = LoggerMessage.Define<string>(
        LogLevel.Warning, new EventId(1, nameof(LogMissing)), "There is no dashboard in {Folder}: only the API is served");
}
