using Messaging.FleetServer.Access;
using Messaging.FleetServer.Audit;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Enrolment;
using Messaging.FleetServer.Files;
using Messaging.FleetServer.Hosting;
using Messaging.FleetServer.Live;
using Messaging.FleetServer.Pauses;
using Messaging.FleetServer.Recordings;
using Messaging.FleetServer.Relaying.Activity;
using Messaging.FleetServer.Sessions;
using Messaging.FleetServer.Telemetry.Queries;
using Messaging.FleetServer.Telemetry.Retention;
using Messaging.FleetServer.Trust;
using Messaging.FleetServer.Trust.Requests;
using Messaging.FleetServer.Twin;
using Messaging.FleetServer.Updates;
using Messaging.FleetServer.Updates.Artifacts;
using Messaging.FleetServer.Updates.Devices;
using Microsoft.AspNetCore.Routing;
using Scalar.AspNetCore;

namespace Messaging.FleetServer.Api;

/// <summary>The HTTP side of the control role: what stands in front of the endpoints, and the endpoints.</summary>
internal static class FleetApi
{
    public static IServiceCollection AddFleetApi(this IServiceCollection services) => services
        .AddApi()
        .AddAccess()
        .AddAudit()
        .AddTelemetryQueries()
        .AddRetention()
        .AddLive()
        .AddRelayActivity()
        .AddSingleton<ServerClock>()
        .AddHostedService(static provider => provider.GetRequiredService<ServerClock>())
        .AddSingleton<DeviceViews>()
        .AddSingleton<KeyRequests>();

    /// <summary>The order matters: errors of everything below are explained, and nothing runs before access is decided.</summary>
    public static void UseFleetApi(this WebApplication app)
    {
        app.UseMiddleware<SecurityHeadersMiddleware>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRouting();
        app.UseMiddleware<AccessMiddleware>();
        app.UseMiddleware<JsonCharsetMiddleware>();
        app.UseWebSockets();
    }

    public static void MapFleetApi(this WebApplication app)
    {
        app.MapOpenApi();
        app.MapScalarApiReference(static options =>
        {
            options.WithTitle("Fleet server API").DisableDefaultFonts();
            options.Telemetry = false;
        });
        var api = app.MapGroup("/api/v1");
        api.MapSession();
        api.MapOperators();
        api.MapApiTokens();
        api.MapAudit();
        api.MapDevices();
        api.MapTwin();
        api.MapDeviceUpdates();
        api.MapPauses();
        api.MapMetrics();
        api.MapRecords();
        api.MapFiles();
        api.MapRecordings();
        api.MapRepository();
        api.MapArtifacts();
        api.MapReleaseKeys();
        api.MapRepositoryFiles();
        api.MapCommands();
        api.MapSessions();
        api.MapCommandSets();
        api.MapProposals();
        api.MapEnrolmentTokens();
        api.MapEnrolment();
        api.MapTrust();
        api.MapKeyRequests();
        api.MapLive();
        api.MapSystem();
        api.MapRelayActivity();
    }

    /// <exception cref="InvalidOperationException">An endpoint is not in the access table, so nobody could use it.</exception>
    public static void RequireListedEndpoints(this IEndpointRouteBuilder app)
    {
        var missing = app.DataSources.SelectMany(source => source.Endpoints).SelectMany(AccessTable.Names)
            .Where(name => !AccessTable.Rules.Any(rule => (rule.Method, rule.Pattern) == name))
            .Select(name => $"{name.Method} {name.Pattern}")
            .ToList();
        if (missing.Count > 0)
        {
            throw new InvalidOperationException($"These endpoints are not in the access table: {string.Join(", ", missing)}.");
        }
    }
}
