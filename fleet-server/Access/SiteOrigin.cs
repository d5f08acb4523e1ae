namespace Messaging.FleetServer.Access;

/// <summary>
/// Whether a browser says that another site made this request. A second line behind SameSite=Strict and the CSRF token, and the
/// first for the sign-in itself. Programs send neither header.
/// </summary>
internal static class SiteOrigin
{
    public static bool IsForeign(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
        {
            return true;
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var uri)
                && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}
