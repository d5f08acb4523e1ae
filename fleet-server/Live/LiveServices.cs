namespace Messaging.FleetServer.Live;

internal static class LiveServices
{
    public static IServiceCollection AddLive(this IServiceCollection services) => services
        .AddSingleton<LiveHub>()
        .AddHostedService(static provider => provider.GetRequiredService<LiveHub>());
}
