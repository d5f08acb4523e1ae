using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Agent.Status;

internal static class StatusServices
{
    /// <summary>Adds <see cref="StatusReporter"/> over every <see cref="IStatusPart"/>, and <see cref="StatusServer"/>.</summary>
    public static IServiceCollection AddStatus(this IServiceCollection services) => services
        .AddSingleton<StatusReporter>()
        .AddSingleton<StatusServer>();
}
