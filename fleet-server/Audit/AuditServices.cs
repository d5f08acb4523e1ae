using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Messaging.FleetServer.Audit;

internal static class AuditServices
{
    /// <summary>May be called by every feature that writes to it.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.TryAddSingleton<IAuditLog, AuditLog>();
        return services;
    }
}
