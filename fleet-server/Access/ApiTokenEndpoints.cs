using Messaging.FleetServer.Api;

namespace Messaging.FleetServer.Access;

/// <summary>API tokens, managed by owners.</summary>
internal static class ApiTokenEndpoints
{
    public static void MapApiTokens(this IEndpointRouteBuilder api)
    {
        api.MapGet("/api-tokens", ListAsync).WithTags("Access").WithSummary("All API tokens, without their secrets.")
            .Produces<ItemList<ApiTokenView>>();
        api.MapPost("/api-tokens", CreateAsync).WithTags("Access").WithSummary("Makes an API token; its secret is shown this once.")
            .Produces<CreatedApiTokenView>(201);
        api.MapDelete("/api-tokens/{id}", DeleteAsync).WithTags("Access").WithSummary("Ends an API token.").Produces(204);
    }

    private static async Task<IResult> ListAsync(ApiTokens tokens, CancellationToken cancellationToken)
    {
        var all = await tokens.ListAsync(cancellationToken);
        return TypedResults.Ok(new ItemList<ApiTokenView>([.. all.Select(ApiTokenView.Of)]));
    }

    private static async Task<IResult> CreateAsync(
        ApiTokenRequest body, HttpContext context, ApiTokens tokens, CancellationToken cancellationToken)
    {
        var validation = new ApiValidation();
        var name = validation.Text(body.Name, "name", AccessLimits.TokenNameLength);
        var role = validation.Role(body.Role);
        validation.Require(
            body.ExpiresIn is null or (>= AccessLimits.TokenMinSeconds and <= AccessLimits.TokenMaxSeconds),
            "expiresIn",
            $"Must be {AccessLimits.TokenMinSeconds} to {AccessLimits.TokenMaxSeconds} seconds, or null.");
        if (validation.Failed)
        {
            return validation.Problem;
        }

        TimeSpan? lifetime = body.ExpiresIn is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        var (token, text) = await tokens.CreateAsync(name, role, lifetime, context.Caller().Name, cancellationToken);
        context.Audit().Target = $"api-tokens/{token.Id}";
        context.Audit().Details = $"{token.Name}, {token.Role.Word()}";
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created(
            $"/api/v1/api-tokens/{token.Id}",
            new CreatedApiTokenView(token.Id, token.Name, token.Role.Word(), token.CreatedAt, token.CreatedBy, token.ExpiresAt, text));
    }

    private static async Task<IResult> DeleteAsync(string id, ApiTokens tokens, CancellationToken cancellationToken) =>
        await tokens.DeleteAsync(id, cancellationToken) ? TypedResults.NoContent() : Problems.NotFound("API token");
}
