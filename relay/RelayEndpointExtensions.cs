using Messaging.Relay.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Relay;

/// <summary>Puts MQTT over WebSocket on the host's HTTP listeners.</summary>
public static class RelayEndpointExtensions
{
    /// <summary>Serves MQTT over WebSocket at <see cref="RelayOptions.WebSocketPath"/>. The MQTT handshake authenticates, not HTTP.</summary>
    public static IEndpointConventionBuilder MapRelay(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var options = endpoints.ServiceProvider.GetRequiredService<RelayOptions>();
        var handler = endpoints.ServiceProvider.GetRequiredService<WebSocketEndpoint>();
        var application = endpoints.CreateApplicationBuilder();
        application.UseWebSockets();
        application.Run(handler.InvokeAsync);
        return endpoints.Map(options.WebSocketPath, application.Build())
            .WithDisplayName("MQTT over WebSocket")
            .AllowAnonymous()
            .ExcludeFromDescription();
    }
}
