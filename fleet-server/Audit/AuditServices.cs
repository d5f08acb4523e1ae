using Messaging.FleetServer.Audit.Checkpoints;
using Messaging.FleetServer.Audit.Executions;
using Messaging.FleetServer.Audit.Findings;
using Messaging.FleetServer.ControlPlane;
using Messaging.FleetServer.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Messaging.FleetServer.Audit;

internal static class AuditServices
{
    /// <summary>May be called by every feature that writes to it.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.TryAddSingleton<AuditLog>();
        services.TryAddSingleton<IAuditLog>(static provider => provider.GetRequiredService<AuditLog>());
        services.TryAddSingleton<FindingBook>();
        services.TryAddSingleton<AuditReads>();
        return services;
    }

    /// <summary>What the control role does: verifies, signs, takes devices' records, compares. The first of its hosted services, so that nothing is written before.</summary>
    public static IServiceCollection AddAuditKeeping(this IServiceCollection services, ControlSettings settings)
    {
        services.AddAudit();
        services.AddHttpContextAccessor();
        services.AddSingleton(settings.Audit);
        services.AddSingleton(provider => new CheckpointStore(
            provider.GetRequiredService<IDbContextFactory<FleetDbContext>>(), settings.PathOf(ControlSettings.AuditHeadFile)));
        services.AddSingleton<LogCheck>();
        services.AddSingleton<AuditKeeper>();
        services.AddSingleton<CommandLedger>();
        services.AddSingleton<WitnessCheck>();
        services.AddSingleton<ExecutionReceiver>();
        services.AddSingleton<AuditComparer>();
        services.AddHostedService(static provider => provider.GetRequiredService<AuditKeeper>());
        return services.AddHostedService(static provider => provider.GetRequiredService<AuditComparer>());
    }
}
