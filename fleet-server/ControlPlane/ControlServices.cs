using Messaging.FleetServer.Audit;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Commands.Output;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Downlinks;
using Messaging.FleetServer.Enrolment;
using Messaging.FleetServer.Events;
using Messaging.FleetServer.Files;
using Messaging.FleetServer.Ingest;
using Messaging.FleetServer.Pauses;
using Messaging.FleetServer.Relaying;
using Messaging.FleetServer.Sessions;
using Messaging.FleetServer.Telemetry;
using Messaging.FleetServer.Trust;
using Messaging.FleetServer.Twin;
using Messaging.FleetServer.Updates;
using Messaging.FleetServer.Updates.Devices;

namespace Messaging.FleetServer.ControlPlane;

/// <summary>
/// Registers the control role without its API: keys and roster, registry, enrolment, the link to the relay, ingest and commands. Needs the
/// registry's storage and a TimeProvider. Hosted services start in the order in which they are listed here.
/// </summary>
internal static class ControlServices
{
    /// <param name="keys">Opened before the host is built, because an embedded relay must know the server's key; owned by the caller.</param>
    public static IServiceCollection AddControlPlane(this IServiceCollection services, FleetKeys keys, ControlSettings settings)
    {
        services.AddSingleton(keys);
        services.AddSingleton(settings.Relay).AddSingleton(settings.Enrolment).AddSingleton(settings.Commands).AddSingleton(settings.Ingest);
        services.AddSingleton<IFleetEvents, FleetEvents>();
        return services
            .AddAuditKeeping(settings)
            .AddTrust(settings)
            .AddDevices()
            .AddEnrolment()
            .AddCommands()
            .AddTwin()
            .AddDeviceUpdates()
            .AddIngest(settings)
            .AddFiles(settings)
            .AddUpdates(settings.Repository, settings.PathOf(ControlSettings.RepositoryFolder), settings.PathOf(ControlSettings.KeysFolder))
            .AddRelaying(settings);
    }

    private static IServiceCollection AddTrust(this IServiceCollection services, ControlSettings settings)
    {
        services.AddSingleton(provider => new TrustService(
            provider.GetRequiredService<FleetKeys>(), settings.PathOf(ControlSettings.KeysFolder), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ITrustService>(provider => provider.GetRequiredService<TrustService>());
        return services.AddHostedService<ServerKeyKeeper>();
    }

    private static IServiceCollection AddDevices(this IServiceCollection services)
    {
        services.AddSingleton<DeviceRegistry>();
        services.AddSingleton<IDeviceRegistry>(provider => provider.GetRequiredService<DeviceRegistry>());
        services.AddSingleton<IDeviceDirectory>(provider => provider.GetRequiredService<DeviceRegistry>());
        return services.AddHostedService<DeviceHousekeeper>();
    }

    private static IServiceCollection AddEnrolment(this IServiceCollection services) => services
        .AddAudit()
        .AddSingleton<EnrolmentTokens>()
        .AddSingleton<EnrolmentDecisions>()
        .AddSingleton<EnrolmentGate>()
        .AddSingleton<IEnrolmentService, EnrolmentService>();

    private static IServiceCollection AddCommands(this IServiceCollection services)
    {
        services.AddSingleton<CommandWriter>();

        // Stops after all that store.
        services.AddHostedService(provider => provider.GetRequiredService<CommandWriter>());
        services.AddSingleton<CommandStore>();
        services.AddSingleton<CommandSequence>();
        services.AddSingleton<CommandSetStore>();
        services.AddSingleton<CommandSetNews>();
        services.AddHostedService(provider => provider.GetRequiredService<CommandSetNews>());
        services.AddSingleton<ICommandSets, CommandSets>();
        services.AddSingleton<ProposalStore>();
        services.AddSingleton<ICommandProposals, CommandProposals>();
        services.AddSingleton<CommandSigner>();
        services.AddSingleton<CommandKicks>();
        services.AddSingleton<CommandContext>();
        services.AddSingleton<OutputTable>();
        services.AddSingleton<OutputReader>();
        services.AddSingleton<CommandService>();
        services.AddSingleton<ICommandService>(provider => provider.GetRequiredService<CommandService>());
        services.AddSingleton<ICommandReports>(provider => provider.GetRequiredService<CommandService>());
        return services.AddHostedService<CommandDispatcher>();
    }

    private static IServiceCollection AddTwin(this IServiceCollection services) => services
        .AddSingleton<TwinBook>()
        .AddSingleton<TwinCommands>()
        .AddSingleton<TwinTracker>()
        .AddHostedService(provider => provider.GetRequiredService<TwinTracker>())
        .AddSingleton<TwinReceiver>();

    private static IServiceCollection AddDeviceUpdates(this IServiceCollection services) => services
        .AddSingleton<IReleaseSource, RepositoryReleases>()
        .AddSingleton<UpdateCommands>()
        .AddSingleton<UpdateBook>()
        .AddSingleton<UpdateReads>()
        .AddSingleton<UpdateTracker>()
        .AddHostedService(provider => provider.GetRequiredService<UpdateTracker>())
        .AddSingleton<UpdateNews>()
        .AddHostedService(provider => provider.GetRequiredService<UpdateNews>())
        .AddSingleton<UpdateReceiver>();

    private static IServiceCollection AddIngest(this IServiceCollection services, ControlSettings settings)
    {
        services.AddSingleton(_ => new TelemetryDatabase(settings.PathOf(ControlSettings.TelemetryFile)));
        services.AddSingleton<ITelemetryStore, TelemetryStore>();
        services.AddSingleton<RejectionCounter>();
        services.AddSingleton<PauseBook>();
        services.AddSingleton<IngestQueue>();
        services.AddSingleton<IUplinkReceiver>(provider => provider.GetRequiredService<IngestQueue>());
        services.AddSingleton<Senders>();
        services.AddSingleton<EpochAdmission>();
        services.AddSingleton<SeriesQuestions>();
        services.AddSingleton<TelemetryDecoder>();
        services.AddSingleton<DeviceWords>();
        services.AddSingleton<OutputReceiver>();
        services.AddSingleton<TimeAnswers>();
        services.AddSingleton<FrameHandler>();
        services.AddSingleton<IngestAftermath>();
        services.AddSingleton<BootPlacer>();
        services.AddSingleton<IngestStatus>();
        services.AddSingleton<IIngestStatus>(provider => provider.GetRequiredService<IngestStatus>());
        services.AddSingleton<AckSender>();
        services.AddHostedService(provider => provider.GetRequiredService<AckSender>());
        services.AddSingleton<AnswerSender>();
        services.AddHostedService(provider => provider.GetRequiredService<AnswerSender>());
        return services.AddHostedService<IngestPump>();
    }

    private static IServiceCollection AddRelaying(this IServiceCollection services, ControlSettings settings)
    {
        services.AddSingleton(provider => new EpochNumbers(
            settings.PathOf(ControlSettings.StartsFile), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IDownlink, DownlinkHub>();
        services.AddSingleton<TrustPusher>();
        services.AddHostedService(provider => provider.GetRequiredService<TrustPusher>());
        services.AddHostedService<PauseSender>();
        services.AddSingleton<DirectorySource>();
        services.AddSingleton<SessionHub>();
        services.AddSingleton<RelayInbox>();
        services.AddSingleton<RelayStatus>();
        services.AddSingleton<IRelayStatus>(provider => provider.GetRequiredService<RelayStatus>());
        services.AddSingleton<RelayLink>();
        services.AddSingleton<IRelayPublisher>(provider => provider.GetRequiredService<RelayLink>());
        return services.AddHostedService(provider => provider.GetRequiredService<RelayLink>());
    }
}
