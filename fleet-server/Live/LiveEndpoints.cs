using Messaging.FleetServer.Access;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Devices;
using Microsoft.AspNetCore.Http.Features;

namespace Messaging.FleetServer.Live;

internal static class LiveEndpoints
{
    public static void MapLive(this IEndpointRouteBuilder api) =>
        api.MapGet("/events", StreamAsync).WithTags("Live")
            .WithSummary("Server-sent events of the topics devices, device:{id}, commands and audit (owners).").Produces(200, contentType: "text/event-stream");

    private static async Task<IResult> StreamAsync(
        string? topics,
        HttpContext context,
        LiveHub hub,
        DeviceViews devices,
        Authenticator authenticator,
        TimeProvider time,
        IHostApplicationLifetime lifetime)
    {
        if (LiveTopics.TryParse(topics) is not { } wanted)
        {
            return Problems.Invalid("topics", $"Must be a list of at most {LiveLimits.MaxTopics} of devices, device:ID, commands, audit.");
        }

        var caller = context.Caller();
        if (wanted.Audit && caller.Role != OperatorRole.Owner)
        {
            return Problems.Forbidden;
        }

        if (hub.Join(caller.Id, wanted) is not { } queue)
        {
            return new ApiProblem(429, "too_many_streams", "Too many live streams are open: close some.") { RetryAfter = LiveLimits.Heartbeat };
        }

        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers["X-Accel-Buffering"] = "no";
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
            await new LiveStream(queue, devices, authenticator, time).RunAsync(context, caller.Role, end.Token);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested || lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The reader left or the server stops: both are how a stream ends.
        }
        finally
        {
            hub.Leave(caller.Id, queue);
        }

        return Results.Empty;
    }
}
