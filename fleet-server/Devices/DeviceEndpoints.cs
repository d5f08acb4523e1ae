using System.Globalization;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Enrolment;
using Messaging.FleetServer.Twin;

namespace Messaging.FleetServer.Devices;

internal static class DeviceEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 500;
    private const int MaxSearch = 200;

    public static void MapDevices(this IEndpointRouteBuilder api)
    {
        api.MapGet("/devices", List).WithTags("Devices").WithSummary("Devices by name; search, tag, online, status and twin narrow the list.")
            .Produces<CountedPage<DeviceView>>();
        api.MapGet("/devices/{id}", Get).WithTags("Devices").WithSummary("One device.").Produces<DeviceView>();
        api.MapPatch("/devices/{id}", UpdateAsync).WithTags("Devices").WithSummary("Renames or retags a device.").Produces<DeviceView>();
        api.MapDelete("/devices/{id}", RevokeAsync).WithTags("Devices").WithSummary("Revokes a device: it is cut off at once and for good.")
            .Produces(204);
        api.MapPost("/devices/{id}/approve", ApproveAsync).WithTags("Devices").WithSummary("Lets a pending device in.").Produces<DeviceView>();
        api.MapPost("/devices/{id}/reject", RejectAsync).WithTags("Devices").WithSummary("Refuses a pending device.").Produces<DeviceView>();
    }

    private static IResult List(
        string? search, string? tag, string? online, string? status, string? twin, string? limit, string? cursor, IDeviceRegistry registry, TwinBook twins,
        DeviceViews views)
    {
        var validation = new ApiValidation();
        var count = validation.Limit(limit, DefaultLimit, MaxLimit);
        var isOnline = validation.Boolean(online, "online");
        var wanted = Status(validation, status);
        validation.Require(search is null || search.Length <= MaxSearch, "search", $"Must have at most {MaxSearch} characters.");
        validation.Require(string.IsNullOrEmpty(twin) || TwinRules.Words.Contains(twin, StringComparer.Ordinal), "twin", $"Must be one of {string.Join(", ", TwinRules.Words)}.");
        var after = DeviceCursor.TryParse(cursor);
        validation.Require(string.IsNullOrEmpty(cursor) || after is not null, "cursor", "Must be the next of an earlier answer.");
        if (validation.Failed)
        {
            return validation.Problem;
        }

        var filter = new DeviceFilter(search, string.IsNullOrEmpty(tag) ? null : tag, isOnline, wanted);
        var all = registry.List().Where(filter.Matches).Where(device => string.IsNullOrEmpty(twin) || TwinRules.Word(twins.Of(device.Id).State) == twin)
            .Select(device => (Cursor: DeviceCursor.Of(device), Device: device)).ToList();
        all.Sort(static (left, right) => DeviceCursor.Compare(left.Cursor, right.Cursor));
        var page = all.Where(entry => after is null || DeviceCursor.Compare(entry.Cursor, after) > 0).Take(count + 1).ToList();
        var next = page.Count > count ? page[count - 1].Cursor.ToString() : null;
        return TypedResults.Ok(new CountedPage<DeviceView>(
            views.Of([.. page.Take(count).Select(static entry => entry.Device)]), next, all.Count));
    }

    private static IResult Get(string id, DeviceViews views) =>
        views.Find(id) is { } view ? TypedResults.Ok(view) : Problems.DeviceNotFound;

    private static async Task<IResult> UpdateAsync(
        string id, DeviceChangeRequest body, HttpContext context, IDeviceRegistry registry, DeviceViews views, CancellationToken cancellationToken)
    {
        var validation = new ApiValidation();
        if (body.Name is not null)
        {
            validation.Text(body.Name, "name", DeviceLimits.NameLength);
        }

        Tags(validation, body.Tags);
        if (validation.Failed)
        {
            return validation.Problem;
        }

        context.Audit().Details = string.Create(
            CultureInfo.InvariantCulture,
            $"{(body.Name is null ? "" : $"name: {body.Name} ")}{(body.Tags is null ? "" : $"tags: {string.Join(", ", body.Tags)}")}").TrimEnd();
        return await registry.UpdateAsync(id, body.Name, body.Tags, cancellationToken) is null
            ? Problems.DeviceNotFound
            : Get(id, views);
    }

    private static async Task<IResult> RevokeAsync(
        string id, HttpContext context, IDeviceRegistry registry, CancellationToken cancellationToken)
    {
        context.Audit().Details = registry.Find(id)?.Name ?? "";
        return await registry.RevokeAsync(id, $"revoked by {context.Caller().Name}", cancellationToken)
            ? TypedResults.NoContent()
            : Problems.DeviceNotFound;
    }

    private static async Task<IResult> ApproveAsync(
        string id, HttpContext context, IEnrolmentService enrolment, DeviceViews views, CancellationToken cancellationToken)
    {
        var decision = await enrolment.ApproveAsync(id, cancellationToken);
        return Decided(decision, id, context, views);
    }

    private static async Task<IResult> RejectAsync(
        string id, HttpContext context, IEnrolmentService enrolment, DeviceViews views, CancellationToken cancellationToken)
    {
        var decision = await enrolment.RejectAsync(id, $"rejected by {context.Caller().Name}", cancellationToken);
        return Decided(decision, id, context, views);
    }

    private static IResult Decided(EnrolmentDecision decision, string id, HttpContext context, DeviceViews views)
    {
        var view = views.Find(id);
        context.Audit().Details = view?.Name ?? "";
        return decision switch
        {
            EnrolmentDecision.Conflict => new ApiProblem(409, "already_decided", "It was decided the other way before."),
            EnrolmentDecision.Done when view is not null => TypedResults.Ok(view),
            _ => Problems.DeviceNotFound,
        };
    }

    private static DeviceStatus? Status(ApiValidation validation, string? status)
    {
        switch (status)
        {
            case null or "":
                return null;
            case "pending":
                return DeviceStatus.Pending;
            case "active":
                return DeviceStatus.Active;
            case "revoked":
                return DeviceStatus.Revoked;
            default:
                validation.Add("status", "Must be pending, active or revoked.");
                return null;
        }
    }

    public static void Tags(ApiValidation validation, IReadOnlyList<string>? tags)
    {
        if (tags is null)
        {
            return;
        }

        validation.Require(tags.Count <= DeviceLimits.Tags, "tags", $"Must be at most {DeviceLimits.Tags}.");
        for (var index = 0; index < Math.Min(tags.Count, DeviceLimits.Tags); index++)
        {
            validation.Text(tags[index], $"tags[{index}]", DeviceLimits.TagLength);
        }
    }
}
