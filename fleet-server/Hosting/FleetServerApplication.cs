using System.Net;
using Messaging.FleetServer.Api;

namespace Messaging.FleetServer.Hosting;

/// <summary>Builds the web application of one fleet server process from validated options.</summary>
internal static class FleetServerApplication
{
    /// <param name="options">Validated options.</param>
    /// <param name="configure">Lets a test replace services before the application is built.</param>
    public static WebApplication Build(FleetServerOptions options, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "fleet-server" });
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.WebHost.UseKestrel().ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.Services.AddRoutingCore();
        builder.Services.AddFleetServer(options);
        configure?.Invoke(builder);
        var app = builder.Build();
        Map(app, options);
        return app;
    }

    private static void Listen(Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions kestrel, FleetServerOptions options)
    {
        if (options.Has(FleetRoles.Control))
        {
            kestrel.Listen(new IPEndPoint(options.ListenAddress, options.Port));
        }
    }

    private static void Map(WebApplication app, FleetServerOptions options)
    {
        if (options.Has(FleetRoles.Control))
        {
            app.UseFleetApi();
            app.MapFleetApi();
            app.RequireListedEndpoints();
        }
    }
}
