using Messaging.Relay.Channels.Http;
using Messaging.Relay.Channels.Sockets;
using Messaging.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Relay.Channels;

/// <summary>Puts channels on the host's HTTP listeners. The channel's secret opens it, so that pages of any origin may ask.</summary>
internal static class ChannelEndpoints
{
    private const int PreflightSeconds = 3600;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var channel = services.GetRequiredService<ChannelEndpoint>();
        Map(endpoints, ChannelSocket.Path, "Channels over WebSocket", services.GetRequiredService<SocketEndpoint>().InvokeAsync);
        Map(endpoints, ChannelSocket.Path + "/{id}", "A channel", channel.InvokeAsync);
        Map(endpoints, ChannelSocket.Path + "/{id}/members", "A channel's members", channel.ListMembersAsync);
        Map(endpoints, ChannelSocket.Path + "/{id}/records", "A channel's records", services.GetRequiredService<RecordsEndpoint>().InvokeAsync);
        Map(endpoints, ChannelSocket.Path + "/{id}/stream", "A channel's records as events", services.GetRequiredService<StreamEndpoint>().InvokeAsync);
    }

    private static void Map(IEndpointRouteBuilder endpoints, string path, string name, RequestDelegate handler)
    {
        var application = endpoints.CreateApplicationBuilder();
        application.UseCors(static policy => policy
            .AllowAnyOrigin().WithMethods("GET", "PUT", "POST").WithHeaders("Authorization", "Content-Type", "Last-Event-ID").WithExposedHeaders("Retry-After")
            .SetPreflightMaxAge(TimeSpan.FromSeconds(PreflightSeconds)));
        application.UseWebSockets();
        application.Run(handler);
        endpoints.Map(path, application.Build()).WithDisplayName(name).AllowAnonymous().ExcludeFromDescription();
    }
}
