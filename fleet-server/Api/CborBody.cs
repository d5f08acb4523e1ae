namespace Messaging.FleetServer.Api;

/// <summary>Bodies of the type application/cbor, up to a size.</summary>
internal static class CborBody
{
    public const string MediaType = "application/cbor";

    /// <summary>The body, or the problem to answer with.</summary>
    public static async Task<(ReadOnlyMemory<byte> Body, ApiProblem? Problem)> ReadAsync(HttpContext context, int maxBytes, CancellationToken cancellationToken)
    {
        if (context.Request.ContentType != MediaType)
        {
            return (default, new ApiProblem(415, "unsupported_media_type", $"Send the request as {MediaType}."));
        }

        using var body = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > maxBytes)
            {
                return (default, Problems.TooLarge);
            }

            body.Write(buffer, 0, read);
        }

        return (body.ToArray(), null);
    }
}
