using Messaging.FleetServer.Ingest;
using Messaging.FleetServer.Relaying;

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
            : Results.Text("ready\n")).ExcludeFromDescription();
    }

    private sealed class Health(IServiceProvider services)
    {
        private readonly IRelayStatus? _relay = services.GetService<IRelayStatus>();
        private readonly IIngestStatus? _ingest = services.GetService<IIngestStatus>();

        /// <summary>What is not as it should be; null when all is well. Only what a stranger may know.</summary>
        public string? Problem
        {
            get
            {
                if (_relay is not null && _relay.Current.State != RelayLinkState.Ready)
                {
                    return "no link to the relay";
                }

                return _ingest?.Current.LastError is null ? null : "telemetry cannot be stored";
            }
        }
    }
}
