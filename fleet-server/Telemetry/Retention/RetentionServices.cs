using Messaging.FleetServer.Audit;
using Messaging.FleetServer.Commands;

namespace Messaging.FleetServer.Telemetry.Retention;

internal static class RetentionServices
{
    public static IServiceCollection AddRetention(this IServiceCollection services) => services
        .AddSingleton<TelemetryRetention>()
        .AddSingleton<CommandRetention>()
        .AddSingleton<AuditRetention>()
        .AddSingleton<RetentionService>()
        .AddHostedService(static provider => provider.GetRequiredService<RetentionService>());
}
