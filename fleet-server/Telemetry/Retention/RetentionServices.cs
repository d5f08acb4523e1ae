using Messaging.FleetServer.Audit;

namespace Messaging.FleetServer.Telemetry.Retention;

internal static class RetentionServices
{
    public static IServiceCollection AddRetention(this IServiceCollection services) => services
        .AddSingleton<TelemetryRetention>()
        .AddSingleton<AuditRetention>()
        .AddSingleton<RetentionService>()
        .AddHostedService(static provider => provider.GetRequiredService<RetentionService>());
}
