using Messaging.FleetServer.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Storage;

internal static class StorageServices
{
    public const string RegistryFile = "registry.db";

    /// <summary>Adds <see cref="FleetDbContext"/> (scoped) and its factory, and migrates registry.db at start.</summary>
    public static IServiceCollection AddRegistryStorage(this IServiceCollection services)
    {
        services.AddDbContextFactory<FleetDbContext>((provider, builder) => UseRegistry(
            builder, provider.GetRequiredService<FleetServerOptions>().PathOf(RegistryFile)));
        services.AddHostedService<RegistryMigrator>();
        return services;
    }

    public static void UseRegistry(DbContextOptionsBuilder builder, string path) => builder
        .UseSqlite($"Data Source={path}")
        .AddInterceptors(new SqlitePragmas());
}
