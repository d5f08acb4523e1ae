namespace Messaging.FleetServer.Telemetry.Queries;

internal static class QueryServices
{
    public static IServiceCollection AddTelemetryQueries(this IServiceCollection services) => services
        .AddSingleton<DeviceTelemetryQueries>()
        .AddSingleton<LatestValues>()
        .AddHostedService(static provider => provider.GetRequiredService<LatestValues>())
        .AddSingleton<MetricQueries>()
        .AddSingleton<RecordQueries>()
        .AddSingleton<BootQueries>();
}
