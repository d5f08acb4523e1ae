using Messaging.FleetServer.Audit.Findings;
using Messaging.FleetServer.Ingest;
using Messaging.FleetServer.Relaying;
using Messaging.FleetServer.Updates;
using Messaging.Relay;

namespace Messaging.FleetServer.Hosting;

/// <summary>For supervisors and load balancers: no secrets, no credentials. Live: the process answers. Ready: it does its work.</summary>
internal static class HealthEndpoints
{
    public static IServiceCollection AddHealth(this IServiceCollection services) => services.AddSingleton<Health>();

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", static () => Results.Text("live\n")).ExcludeFromDescription();
        app.MapGet("/health/ready", static (Health health) => health.Problem is { } problem
            ? Results.Text($"not ready: {problem}\n", statusCode: 503)
            : Results.Text(health.Warning is { } warning ? $"ready\n{warning}\n" : "ready\n")).ExcludeFromDescription();
    }

    private sealed class Health(IServiceProvider services)
    {
        private readonly IRelayStatus? _relay = services.GetService<IRelayStatus>();
        private readonly IIngestStatus? _ingest = services.GetService<IIngestStatus>();

        private readonly ChannelStatus? _channels = services.GetService<ChannelStatus>();

        private readonly FindingBook? _findings = services.GetService<FindingBook>();

        private readonly RepositoryStatus? _repository = services.GetService<RepositoryStatus>();

        /// <summary>What keeps it from nothing, and somebody has to look at; null when there is nothing.</summary>
        public string? Warning => _findings is { LogIsDamaged: true } ? "the audit log is not what was written: see the findings of the audit"
            : _repository?.Warnings().FirstOrDefault() is { } warning ? $"the update repository: {warning.Text}"
            : null;

        /// <summary>What is not as it should be; null when all is well. Only what a stranger may know.</summary>
        public string? Problem
        {
            get
            {
                if (_relay is not null && _relay.Current.State != RelayLinkState.Ready)
                {
                    return "no link to the relay";
                }

                if (_channels is { IsFaulty: true })
                {
                    return "channels cannot be stored";
                }

                return _ingest?.Current.LastError is null ? null : "telemetry cannot be stored";
            }
        }
    }
}
