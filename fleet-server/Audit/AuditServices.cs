namespace Messaging.FleetServer.Audit;

internal static class AuditServices
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services.AddSingleton<IAuditLog, AuditLog>();
}
