namespace Messaging.FleetServer.Access;

/// <summary>Who may use one endpoint, and how its use is called in the audit.</summary>
/// <param name="Method">An HTTP method; "*" for an endpoint that takes any.</param>
/// <param name="Pattern">The route pattern as it was mapped.</param>
/// <param name="Action">The audit's word; null for what changes nothing, or is audited by its own feature.</param>
internal sealed record AccessRule(string Method, string Pattern, AccessLevel Level, string? Action = null)
{
    /// <summary>Whether pages of any origin may ask: what a request may do is in the request, and no cookie is looked at.</summary>
    public bool AnyOrigin { get; init; }
}
