namespace Messaging.FleetServer.Api;

/// <summary>The errors that more than one endpoint answers. docs/reference/api.md lists all codes.</summary>
internal static class Problems
{
    public static ApiProblem Unauthorized { get; } = new(401, "unauthorized", "Sign in, or send an API token that is valid: Authorization: Bearer mtk_...");

    public static ApiProblem Forbidden { get; } = new(403, "forbidden", "Your role does not allow this.");

    public static ApiProblem Csrf { get; } = new(403, "csrf", "The header X-CSRF-Token is missing or is not the one of this session.");

    public static ApiProblem CrossSite { get; } = new(403, "cross_site", "The request comes from another site.");

    public static ApiProblem NoSuchEndpoint { get; } = new(404, "no_such_endpoint", "There is nothing at this path; /openapi/v1.json lists what there is.");

    public static ApiProblem MethodNotAllowed { get; } = new(405, "method_not_allowed", "This path has no such method.");

    public static ApiProblem TooLarge { get; } = new(413, "too_large", "The request is larger than this endpoint takes.");

    public static ApiProblem UnsupportedMediaType { get; } = new(415, "unsupported_media_type", "Send the body as application/json, in UTF-8.");

    public static ApiProblem Internal { get; } = new(500, "internal", "The server failed; its log says why.");

    public static ApiProblem DeviceNotFound { get; } = NotFound("device");

    public static ApiProblem NotFound(string what) => new(404, $"{what.ToLowerInvariant().Replace(" ", "_", StringComparison.Ordinal)}_not_found", $"There is no such {what}.");

    public static ApiProblem Invalid(string field, string message) => Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] });

    public static ApiProblem Invalid(IReadOnlyDictionary<string, string[]> errors) => new(400, "invalid", Summary(errors)) { Errors = errors };

    public static ApiProblem TooManyAttempts(TimeSpan wait) =>
        new(429, "too_many_attempts", "Too many attempts from this address. Wait, then try again.") { RetryAfter = wait };

    private static string Summary(IReadOnlyDictionary<string, string[]> errors) =>
        string.Join(' ', errors.SelectMany(error => error.Value.Select(message => $"{error.Key}: {message}")));
}
