using System.Globalization;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Devices;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Messaging.FleetServer.Telemetry.Queries;

internal static class RecordEndpoints
{
    private const int MaxSearch = 200;

    public static void MapRecords(this IEndpointRouteBuilder api)
    {
        api.MapGet("/devices/{id}/logs", Logs).WithTags("Logs").WithSummary("Log lines, newest arrival first; next goes on with older ones.")
            .Produces<ItemPage<LogView>>();
        api.MapGet("/devices/{id}/events", Events).WithTags("Logs").WithSummary("Events of the device, newest first.")
            .Produces<ItemList<EventView>>();
        api.MapGet("/devices/{id}/gaps", Gaps).WithTags("Logs").WithSummary("Records that will never come, and why.")
            .Produces<ItemList<GapView>>();
        api.MapGet("/devices/{id}/boots", Boots).WithTags("Logs").WithSummary("Boots of the device, newest first, and how well it is known when they were.")
            .Produces<ItemList<BootView>>();
        api.MapGet("/rejections", Rejections).WithTags("System").WithSummary("What was refused, by reason, over all devices.")
            .Produces<ItemList<RejectionTotalView>>();
    }

    private static Ok<ItemList<RejectionTotalView>> Rejections(IDeviceRegistry registry, DeviceTelemetryQueries queries) => TypedResults.Ok(new ItemList<RejectionTotalView>(
        [.. queries.ReadRejections().Select(total => RejectionTotalView.Of(total, registry.Find(total.LastDeviceId)))]));

    private static IResult Logs(
        string id, string? limit, string? before, string? search, string? minSeverity, IDeviceRegistry registry, RecordQueries queries)
    {
        var validation = new ApiValidation();
        var count = validation.Limit(limit, defaultValue: 100, max: 1000);
        var number = validation.Number(before, "before");
        var severity = string.IsNullOrEmpty(minSeverity) ? 0 : SeverityWords.Parse(minSeverity);
        validation.Require(severity is not null, "minSeverity", "Must be 0 to 24, or trace, debug, info, warn, error, fatal.");
        validation.Require(search is null || search.Length <= MaxSearch, "search", $"Must have at most {MaxSearch} characters.");
        if (validation.Failed)
        {
            return validation.Problem;
        }

        if (registry.Find(id) is null)
        {
            return Problems.DeviceNotFound;
        }

        var (lines, next) = queries.ReadLogs(id, count, number, string.IsNullOrEmpty(search) ? null : search, severity ?? 0);
        return TypedResults.Ok(new ItemPage<LogView>([.. lines.Select(LogView.Of)], next?.ToString(CultureInfo.InvariantCulture)));
    }

    private static IResult Events(string id, string? limit, IDeviceRegistry registry, RecordQueries queries) =>
        Listed(id, limit, registry, count => TypedResults.Ok(new ItemList<EventView>([.. queries.ReadEvents(id, count).Select(EventView.Of)])));

    private static IResult Gaps(string id, string? limit, IDeviceRegistry registry, RecordQueries queries) =>
        Listed(id, limit, registry, count => TypedResults.Ok(new ItemList<GapView>([.. queries.ReadGaps(id, count).Select(GapView.Of)])));

    private static IResult Boots(string id, string? limit, IDeviceRegistry registry, BootQueries queries) =>
        Listed(id, limit, registry, count => TypedResults.Ok(new ItemList<BootView>(queries.Read(id, count))));

    private static IResult Listed(string id, string? limit, IDeviceRegistry registry, Func<int, IResult> answer)
    {
        var validation = new ApiValidation();
        var count = validation.Limit(limit, defaultValue: 100, max: 1000);
        if (validation.Failed)
        {
            return validation.Problem;
        }

        return registry.Find(id) is null ? Problems.DeviceNotFound : answer(count);
    }
}
