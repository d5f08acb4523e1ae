using Messaging.FleetServer.Access;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Devices;

namespace Messaging.FleetServer.Enrolment;

internal static class TokenEndpoints
{
    public static void MapEnrolmentTokens(this IEndpointRouteBuilder api)
    {
        api.MapGet("/enrolment-tokens", ListAsync).WithTags("Enrolment").WithSummary("All tokens, without their secrets.")
            .Produces<ItemList<TokenView>>();
        api.MapPost("/enrolment-tokens", CreateAsync).WithTags("Enrolment").WithSummary("Makes a token; its secret is shown this once.")
            .Produces<CreatedTokenView>(201);
        api.MapDelete("/enrolment-tokens/{id}", RevokeAsync).WithTags("Enrolment").WithSummary("Ends a token; devices that it enrolled stay.")
            .Produces(204);
    }

    private static async Task<IResult> ListAsync(IEnrolmentService enrolment, CancellationToken cancellationToken)
    {
        var tokens = await enrolment.ListTokensAsync(cancellationToken);
        return TypedResults.Ok(new ItemList<TokenView>([.. tokens.Select(TokenView.Of)]));
    }

    private static async Task<IResult> CreateAsync(
        NewTokenRequest body, HttpContext context, IEnrolmentService enrolment, CancellationToken cancellationToken)
    {
        var validation = new ApiValidation();
        validation.Require(
            body.Name is null || body.Name.Length <= EnrolmentLimits.TokenNameLength, "name", $"Must have at most {EnrolmentLimits.TokenNameLength} characters.");
        validation.Require(body.Name is null || !body.Name.Any(char.IsControl), "name", "Must not contain control characters.");
        validation.Require(
            body.MaxUses is null or (>= 1 and <= EnrolmentLimits.MaxUses), "maxUses", $"Must be 1 to {EnrolmentLimits.MaxUses}, or null.");
        validation.Require(
            body.ExpiresIn >= (long)EnrolmentLimits.ShortestLife.TotalSeconds && body.ExpiresIn <= (long)EnrolmentLimits.LongestLife.TotalSeconds,
            "expiresIn",
            $"Must be {EnrolmentLimits.ShortestLife.TotalSeconds} to {EnrolmentLimits.LongestLife.TotalSeconds} seconds.");
        DeviceEndpoints.Tags(validation, body.Tags);
        if (validation.Failed)
        {
            return validation.Problem;
        }

        var request = new TokenRequest(
            body.Name ?? "", body.Tags ?? [], body.MaxUses, TimeSpan.FromSeconds(body.ExpiresIn), body.RequireApproval, context.Caller().Name);
        var created = await enrolment.CreateTokenAsync(request, cancellationToken);
        context.Audit().Target = $"enrolment-tokens/{created.Token.Id}";
        context.Audit().Details = created.Token.Name;
        return TypedResults.Created($"/api/v1/enrolment-tokens/{created.Token.Id}", CreatedTokenView.Of(created));
    }

    private static async Task<IResult> RevokeAsync(string id, IEnrolmentService enrolment, CancellationToken cancellationToken) =>
        await enrolment.RevokeTokenAsync(id, cancellationToken) ? TypedResults.NoContent() : Problems.NotFound("enrolment token");
}
