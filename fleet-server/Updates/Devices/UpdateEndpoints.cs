using System.Globalization;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Devices;
using Messaging.Wire;

namespace Messaging.FleetServer.Updates.Devices;

/// <summary>What became of updates. They are assigned by the command <c>update</c>.</summary>
internal static class UpdateEndpoints
{
    private const int MaxText = 64;

    public static void MapDeviceUpdates(this IEndpointRouteBuilder api)
    {
        api.MapGet("/devices/{id}/updates", ListOfDeviceAsync).WithTags("Updates").WithSummary("The device's updates, newest first.").Produces<ItemList<UpdateView>>();
        api.MapGet("/devices/{id}/updates/{commandId}", GetAsync).WithTags("Updates").WithSummary("One update, with the receipt that the device has signed.").Produces<UpdateView>();
        api.MapGet("/devices/{id}/components", ComponentsAsync).WithTags("Updates").WithSummary("What the device has, by receipts that it has signed.")
            .Produces<ItemList<ComponentView>>();
        api.MapGet("/updates", ListAsync).WithTags("Updates")
            .WithSummary("Updates of all devices, newest first: by state (one or more, by commas), overdue, name, version and set; before goes on with older ones.").Produces<ItemPage<UpdateView>>();
        api.MapGet("/updates/totals", TotalsAsync).WithTags("Updates").WithSummary("How many updates are how far: all, or those of a name, version or set.").Produces<UpdateTotalsView>();
        api.MapGet("/components", CountsAsync).WithTags("Updates").WithSummary("How many devices have which version of which component.").Produces<ItemList<ComponentCountView>>();
    }

    private static async Task<IResult> ListOfDeviceAsync(
        string id, string? limit, IDeviceRegistry registry, UpdateReads reads, TimeProvider time, CancellationToken cancellationToken)
    {
        var validation = new ApiValidation();
        var count = validation.Limit(limit, defaultValue: 50, max: 500);
        if (validation.Failed)
        {
            return validation.Problem;
        }

        return registry.Find(id) is { } device
            ? TypedResults.Ok(new ItemList<UpdateView>([.. (await reads.ListAsync(id, count, cancellationToken)).Select(row => UpdateView.Of(row, device, time.GetUtcNow()))]))
            : Problems.DeviceNotFound;
    }

    private static async Task<IResult> GetAsync(
        string id, string commandId, IDeviceRegistry registry, UpdateReads reads, TimeProvider time, CancellationToken cancellationToken) =>
        await reads.FindAsync(id, commandId, cancellationToken) is { } row ? TypedResults.Ok(UpdateView.Of(row, registry.Find(id), time.GetUtcNow())) : Problems.NotFound("update");

    private static async Task<IResult> ComponentsAsync(string id, IDeviceRegistry registry, UpdateReads reads, CancellationToken cancellationToken) =>
        registry.Find(id) is null
            ? Problems.DeviceNotFound
            : TypedResults.Ok(new ItemList<ComponentView>([.. (await reads.ComponentsAsync(id, cancellationToken)).Select(ComponentView.Of)]));

    private static async Task<IResult> ListAsync(
        string? state, string? overdue, string? name, string? version, string? set, string? limit, string? before, IDeviceRegistry registry, UpdateReads reads, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var validation = new ApiValidation();
        var count = validation.Limit(limit, defaultValue: 100, max: 1000);
        var older = validation.Number(before, "before");
        var filter = Filter(validation, state, overdue, name, version, set);
        if (validation.Failed)
        {
            return validation.Problem;
        }

        var rows = await reads.ListAsync(filter, older, count + 1, cancellationToken);
        var next = rows.Count > count ? rows[count - 1].Id.ToString(CultureInfo.InvariantCulture) : null;
        return TypedResults.Ok(new ItemPage<UpdateView>([.. rows.Take(count).Select(row => UpdateView.Of(row, registry.Find(row.DeviceId), time.GetUtcNow()))], next));
    }

    private static async Task<IResult> TotalsAsync(string? name, string? version, string? set, UpdateReads reads, CancellationToken cancellationToken)
    {
        var validation = new ApiValidation();
        var filter = Filter(validation, null, null, name, version, set);
        return validation.Failed ? validation.Problem : TypedResults.Ok(await reads.TotalsAsync(filter, cancellationToken));
    }

    private static async Task<IResult> CountsAsync(UpdateReads reads, CancellationToken cancellationToken) =>
        TypedResults.Ok(new ItemList<ComponentCountView>(await reads.ComponentCountsAsync(cancellationToken)));

    private static UpdateFilter Filter(ApiValidation validation, string? state, string? overdue, string? name, string? version, string? set)
    {
        var states = new List<DeviceUpdateState>();
        foreach (var word in (state ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (DeviceUpdateStates.Parse(word) is { } known)
            {
                states.Add(known);
            }
            else
            {
                validation.Add("state", $"Must be of {string.Join(", ", DeviceUpdateStates.Words)}, by commas.");
            }
        }

        validation.Require(name is null || name.Length <= MaxText, "name", $"Must have at most {MaxText} characters.");
        validation.Require(version is null || version.Length <= MaxText, "version", $"Must have at most {MaxText} characters.");
        validation.Require(string.IsNullOrEmpty(set) || CommandId.TryParse(set, out _), "set", "Must be the id of a command: 32 hexadecimal digits.");
        return new UpdateFilter(states, validation.Boolean(overdue, "overdue") ?? false, name, version, set);
    }
}
