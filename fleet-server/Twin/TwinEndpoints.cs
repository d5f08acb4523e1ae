using Messaging.FleetServer.Api;
using Messaging.FleetServer.Devices;

namespace Messaging.FleetServer.Twin;

internal static class TwinEndpoints
{
    public static void MapTwin(this IEndpointRouteBuilder api) =>
        api.MapGet("/devices/{id}/twin", GetAsync).WithTags("Devices").WithSummary("What a device is to be like, and what it says that it is like.").Produces<TwinView>();

    private static async Task<IResult> GetAsync(string id, IDeviceRegistry registry, TwinBook book, CancellationToken cancellationToken) =>
        registry.Find(id) is { } device
            ? TypedResults.Ok(TwinView.Of(device.Id, await book.FindAsync(device.Id, cancellationToken)))
            : Problems.DeviceNotFound;
}
