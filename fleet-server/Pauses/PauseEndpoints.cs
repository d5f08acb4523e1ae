using System.Globalization;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Devices;
using Messaging.Streams;
using Messaging.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Messaging.FleetServer.Pauses;

internal static class PauseEndpoints
{
    public static void MapPauses(this IEndpointRouteBuilder api)
    {
        api.MapPut("/devices/{id}/pause", Set).WithTags("Devices").Produces<PauseView>()
            .WithSummary("Has a device keep its metrics and logs back for a time; events and commands go on. Replaces what was set before.");
        api.MapDelete("/devices/{id}/pause", End).WithTags("Devices").Produces(204).WithSummary("Ends the pause of a device; one of all devices goes on.");
        api.MapPut("/pause", SetAll).WithTags("Devices").Produces<PauseView>().WithSummary("Has all devices keep their metrics and logs back for a time.");
        api.MapDelete("/pause", EndAll).WithTags("Devices").Produces(204).WithSummary("Ends the pause of all devices; those of single devices go on.");
    }

    private static IResult Set(string id, PauseRequest body, HttpContext context, IDeviceRegistry registry, PauseBook book)
    {
        if (Check(body) is { } problem)
        {
            return problem;
        }

        if (registry.Find(id) is not { Status: DeviceStatus.Active } device)
        {
            return Problems.DeviceNotFound;
        }

        context.Audit().Details = Details(body);
        var key = PrincipalId.Parse(device.Id);
        book.Set(key, TimeSpan.FromSeconds(body.Seconds));
        return TypedResults.Ok(PauseView.Of(book.Of(key)));
    }

    private static IResult End(string id, IDeviceRegistry registry, PauseBook book)
    {
        if (registry.Find(id) is not { Status: DeviceStatus.Active } device)
        {
            return Problems.DeviceNotFound;
        }

        book.Set(PrincipalId.Parse(device.Id), length: null);
        return TypedResults.NoContent();
    }

    private static IResult SetAll(PauseRequest body, HttpContext context, PauseBook book)
    {
        if (Check(body) is { } problem)
        {
            return problem;
        }

        context.Audit().Details = Details(body);
        book.SetAll(TimeSpan.FromSeconds(body.Seconds));
        return TypedResults.Ok(new PauseView(book.All!.Value, "operator"));
    }

    private static NoContent EndAll(PauseBook book)
    {
        book.SetAll(length: null);
        return TypedResults.NoContent();
    }

    private static ApiProblem? Check(PauseRequest body)
    {
        var validation = new ApiValidation();
        var longest = (int)Pause.Longest.TotalSeconds;
        validation.Require(body.Seconds >= 1 && body.Seconds <= longest, "seconds", $"Must be 1 to {longest}.");
        return validation.Failed ? validation.Problem : null;
    }

    private static string Details(PauseRequest body) => string.Create(CultureInfo.InvariantCulture, $"for {body.Seconds} s");
}
