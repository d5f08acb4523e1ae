using System.Globalization;
using Messaging.FleetServer.Api;

namespace Messaging.FleetServer.Audit;

internal static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder api) =>
        api.MapGet("/audit", ListAsync).WithTags("Audit").WithSummary("Who changed what, newest first.").Produces<ItemPage<AuditView>>();

    private static async Task<IResult> ListAsync(string? limit, string? before, IAuditLog audit, CancellationToken cancellationToken)
    {
        var validation = new ApiValidation();
        var count = validation.Limit(limit, defaultValue: 100, max: 500);
        var number = validation.Number(before, "before");
        if (validation.Failed)
        {
            return validation.Problem;
        }

        var entries = await audit.ListAsync(count, number, cancellationToken);
        var next = entries.Count == count ? entries[^1].Id.ToString(CultureInfo.InvariantCulture) : null;
        return TypedResults.Ok(new ItemPage<AuditView>([.. entries.Select(AuditView.Of)], next));
    }
}
