using System.Net;
using Messaging.Relay;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Messaging.FleetServer.Hosting.Metrics;

/// <summary>
/// What the server measures of itself, for Prometheus on a port of this machine, and pushed by OTLP where OpenTelemetry's own variables say to.
/// </summary>
internal static class MetricsServices
{
    private const string Path = "/metrics";

    /// <summary>Where a collector is (OpenTelemetry's specification, "OpenTelemetry Protocol Exporter").</summary>
    private static readonly string[] OtlpVariables = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    /// <summary>The relay's, the web server's and the runtime's instruments.</summary>
    private static readonly string[] Meters =
    [
        RelayMeter.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime",
    ];

    private static bool HasCollector => OtlpVariables.Any(static name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });

    public static IServiceCollection AddServerMetrics(this IServiceCollection services, FleetServerOptions options)
    {
        if (options.MetricsPort is null && !HasCollector)
        {
            return services;
        }

        services.AddOpenTelemetry().WithMetrics(metrics =>
        {
            metrics.ConfigureResource(static resource => resource.AddService("fleet-server", serviceVersion: ServerVersion.Text));
            metrics.AddMeter(Meters);
            if (options.MetricsPort is not null)
            {
                metrics.AddPrometheusExporter(static exporter => exporter.ScrapeEndpointPath = Path);
            }

            if (HasCollector)
            {
                metrics.AddOtlpExporter();
            }
        });
        return services;
    }

    /// <summary>The port serves measurements and nothing else, and no other port serves them.</summary>
    public static void UseServerMetrics(this WebApplication app, FleetServerOptions options)
    {
        if (options.MetricsPort is not { } port)
        {
            return;
        }

        app.UseWhen(context => context.Connection.LocalPort == port && IsLoopback(context.Connection.LocalIpAddress), static metrics =>
        {
            metrics.UseOpenTelemetryPrometheusScrapingEndpoint();
            metrics.Run(static context =>
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return context.Response.WriteAsync($"There is only {Path} here.\n");
            });
        });
    }

    private static bool IsLoopback(IPAddress? address) => address is not null && IPAddress.IsLoopback(address);
}
