using Messaging.FleetServer.Api;
using Messaging.FleetServer.Storage;

namespace Messaging.FleetServer.Hosting;

/// <summary>Registers the roles of a fleet server. Each feature registers itself; this file only lists them.</summary>
internal static class FleetServerServices
{
    public static IServiceCollection AddFleetServer(this IServiceCollection services, FleetServerOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        if (options.Has(FleetRoles.Control))
        {
            services.AddControlRole();
        }

        return services;
    }

    /// <summary>
    /// The registry is migrated before any hosted service's StartAsync runs, and the web server starts after all of them.
    /// </summary>
    private static void AddControlRole(this IServiceCollection services)
    {
        services.AddRegistryStorage();
        services.AddFleetApi();
    }
}
