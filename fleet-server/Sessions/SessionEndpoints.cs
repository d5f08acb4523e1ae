using System.Globalization;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Audit;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Relaying;
using Messaging.FleetServer.Trust;
using Messaging.Wire;

namespace Messaging.FleetServer.Sessions;

internal static class SessionEndpoints
{
    private const string Path = "/devices/{id}/sessions/{sessionId}";

    public static void MapSessions(this IEndpointRouteBuilder api)
    {
        api.MapGet(Path, ConnectAsync).WithTags("Commands")
            .WithSummary("A WebSocket for the packets of a session that a signed command opens; they are sealed between the caller and the device.")
            .Produces(101);

        // How browsers ask for a WebSocket over HTTP/2 (RFC 8441).
        api.MapMethods(Path, [HttpMethods.Connect], ConnectAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> ConnectAsync(
        string id,
        string sessionId,
        HttpContext context,
        Authenticator authenticator,
        AccessChanges access,
        IAuditLog audit,
        TimeProvider time,
        IHostApplicationLifetime lifetime)
    {
        var caller = context.Caller();
        if (Refuse(context, caller) is { } refusal)
        {
            return refusal;
        }

        var services = context.RequestServices;
        var (hub, devices) = (services.GetRequiredService<SessionHub>(), services.GetRequiredService<IDeviceDirectory>());
        if (!PrincipalId.TryParse(id, out var deviceId) || devices.Get(deviceId) is not { } device)
        {
            return Problems.DeviceNotFound;
        }

        if (device.Status != DeviceStatus.Active)
        {
            return new ApiProblem(409, "device_not_active", "Only active devices have sessions.");
        }

        if (!SessionId.TryParse(sessionId, out var session))
        {
            return Problems.Invalid("sessionId", "Must be 32 lower-case hexadecimal digits.");
        }

        switch (hub.Join(deviceId, session, caller.Id, out var port))
        {
            case SessionEntry.Taken:
                return new ApiProblem(409, "session_taken", "Somebody else is connected to this session.");
            case SessionEntry.Full:
                return new ApiProblem(429, "too_many_sessions", "Too many sessions are open: close some.") { RetryAfter = SessionLimits.AccessInterval };
        }

        var began = time.GetTimestamp();
        try
        {
            await audit.AppendAsync(Entry(context, caller, "session.connect", id, $"session {session}"), context.RequestAborted);
            using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
            {
                KeepAliveInterval = SessionLimits.PingInterval,
                KeepAliveTimeout = SessionLimits.PingInterval,
            });
            await new SessionSocket(
                    socket, port!, services.GetRequiredService<FleetKeys>(), services.GetRequiredService<IRelayPublisher>(), authenticator, access, time)
                .RunAsync(context, lifetime.ApplicationStopping);
        }
        finally
        {
            hub.Leave(port!);
            var details = string.Create(
                CultureInfo.InvariantCulture,
                $"session {session}, {time.GetElapsedTime(began).TotalSeconds:0} s, {port!.BytesDown} sealed bytes to the device, {port.BytesUp} from it");
            await audit.AppendAsync(Entry(context, caller, "session.disconnect", id, details), CancellationToken.None);
            port.Dispose();
        }

        return Results.Empty;
    }

    private static ApiProblem? Refuse(HttpContext context, Caller caller)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            return new ApiProblem(426, "websocket_required", "This is a WebSocket: ask for an upgrade.");
        }

        // A WebSocket carries no CSRF token, and no browser keeps a page from opening one elsewhere: a session's cookie counts only with the site's own origin.
        return SiteOrigin.IsForeign(context.Request) || (caller.CsrfToken is not null && context.Request.Headers.Origin.Count == 0)
            ? Problems.CrossSite
            : null;
    }

    private static AuditRecord Entry(HttpContext context, Caller caller, string action, string device, string details) =>
        new(action, $"devices/{device}", AuditRecord.Ok, details)
        {
            ActorKind = caller.Kind == CallerKind.ApiToken ? "api-token" : "operator",
            ActorId = caller.Id,
            Actor = caller.Name,
            Address = context.Address(),
        };
}
