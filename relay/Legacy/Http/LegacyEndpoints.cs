using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Relay.Legacy.Http;

/// <summary>Puts the legacy profile on the host's HTTP listeners. A session's id opens it and no cookie, so that pages of any origin may ask.</summary>
internal static class LegacyEndpoints
{
    private const int PreflightSeconds = 3600;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var endpoint = endpoints.ServiceProvider.GetRequiredService<LegacyEndpoint>();
        Map(endpoints, "/create-channel", endpoint.CreateChannelAsync);
        Map(endpoints, "/connect", endpoint.ConnectAsync);
        Map(endpoints, "/event", endpoint.PushAsync);
        Map(endpoints, "/receive", endpoint.ReceiveAsync);
        Map(endpoints, "/list-agents", endpoint.ListAgentsAsync);
        Map(endpoints, "/disconnect", endpoint.DisconnectAsync);
        Map(endpoints, "/channels", endpoint.ListChannelsAsync);
        Map(endpoints, "/channel/{id}", endpoint.ResetAsync);
    }

    private static void Map(IEndpointRouteBuilder endpoints, string path, RequestDelegate handler)
    {
        var application = endpoints.CreateApplicationBuilder();
        application.UseCors(static policy => policy
            .AllowAnyOrigin().AllowAnyHeader().WithMethods("GET", "POST", "DELETE").SetPreflightMaxAge(TimeSpan.FromSeconds(PreflightSeconds)));
        application.Run(handler);
        endpoints.Map(LegacyNames.Path + path, application.Build()).WithDisplayName("Legacy " + path).AllowAnonymous().ExcludeFromDescription();
    }
}
