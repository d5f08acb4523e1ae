using Messaging.Relay.Hosting;
using Messaging.Relay.Polling;
using Messaging.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Relay;

/// <summary>Puts MQTT on the host's HTTP listeners.</summary>
public static class RelayEndpointExtensions
{
    /// <summary>
    /// Serves MQTT over WebSocket at <see cref="RelayOptions.WebSocketPath"/> and over long poll below it. The MQTT handshake
    /// authenticates, not HTTP.
    /// </summary>
    public static void MapRelay(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var path = endpoints.ServiceProvider.GetRequiredService<RelayOptions>().WebSocketPath;
        var application = endpoints.CreateApplicationBuilder();
        application.UseWebSockets();
        application.Run(endpoints.ServiceProvider.GetRequiredService<WebSocketEndpoint>().InvokeAsync);
        Map(endpoints, path, "MQTT over WebSocket", application.Build());
        Map(endpoints, path + LongPoll.PathSuffix, "MQTT over long poll", endpoints.ServiceProvider.GetRequiredService<PollEndpoint>().InvokeAsync);
    }

    private static void Map(IEndpointRouteBuilder endpoints, string path, string name, RequestDelegate handler) =>
        endpoints.Map(path, handler).WithDisplayName(name).AllowAnonymous().ExcludeFromDescription();
}
