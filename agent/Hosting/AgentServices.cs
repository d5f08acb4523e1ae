using Messaging.Agent.Audit;
using Messaging.Agent.Clock;
using Messaging.Agent.Collect;
using Messaging.Agent.Collect.Scheduling;
using Messaging.Agent.Commands;
using Messaging.Agent.Commands.Handlers;
using Messaging.Agent.Commands.Scripts;
using Messaging.Agent.Configuration;
using Messaging.Agent.Downlink;
using Messaging.Agent.Events;
using Messaging.Agent.Files;
using Messaging.Agent.Gpio;
using Messaging.Agent.Hosting.Footprint;
using Messaging.Agent.Local;
using Messaging.Agent.Logs;
using Messaging.Agent.Packages;
using Messaging.Agent.Sensors;
using Messaging.Agent.Sessions;
using Messaging.Agent.Status;
using Messaging.Agent.Systemd;
using Messaging.Agent.Transfers;
using Messaging.Agent.Transport;
using Messaging.Agent.Transport.Choice;
using Messaging.Agent.Transport.Dialing;
using Messaging.Agent.Transport.Metering;
using Messaging.Agent.Trust;
using Messaging.Agent.Twin;
using Messaging.Agent.Updates;
using Messaging.Agent.Uplink;
using Messaging.Agent.Uplink.Flow;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Hosting;

internal static class AgentServices
{
    /// <summary>Adds everything that an enrolled agent runs.</summary>
    /// <param name="services">Where.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="state">The opened state folder; the caller closes it after the host has ended.</param>
    /// <param name="boot">This boot's clock.</param>
    public static IServiceCollection AddMessagingAgent(this IServiceCollection services, AgentOptions options, AgentState state, IBootClock boot) => services
        .AddSingleton(options)
        .AddSingleton(boot)
        .AddSingleton(TimeProvider.System)
        .AddState(state)
        .AddClock()
        .AddUplink(state)
        .AddTransport()
        .AddTrust()
        .AddCommands()
        .AddSessions(state)
        .AddTransfers(state)
        .AddAudit(state)
        .AddCollect()
        .AddSensors(options)
        .AddGpio(options)
        .AddLocal(options)
        .AddFiles(options)
        .AddTwin(state.Twin)
        .AddUpdates(options, state)
        .AddLogs()
        .AddSystemdManager()
        .AddSingleton<IStatusPart, CoreStatus>()
        .AddSingleton<IStatusPart, FlowStatus>()
        .AddStatus()
        .AddSingleton<AgentParts>()
        .AddSingleton(p => new Producer(ct => p.GetRequiredService<CollectScheduler>().RunAsync(ct, p.GetRequiredService<LoopBeats>())))
        .AddSingleton(p => new Producer(p.GetRequiredService<LogSupervisor>().RunAsync))
        .AddSingleton(p => new Producer(p.GetRequiredService<StatusServer>().RunAsync))
        .AddSingleton(p => new Producer(p.GetRequiredService<ControlProbe>().RunAsync))
        .AddMetering(options)
        .AddSingleton(p => new Producer(new FootprintKeeper(p.GetRequiredService<TimeProvider>(), FootprintKeeper.Shrink).RunAsync))
        .AddSingleton<AgentRunner>();

    private static IServiceCollection AddMetering(this IServiceCollection services, AgentOptions options) => options.Transport.Metered == "auto"
        ? services.AddSingleton(p => new Producer(p.GetRequiredService<NetworkManagerWatch>().RunAsync))
        : services;

    private static IServiceCollection AddState(this IServiceCollection services, AgentState state) => services
        .AddSingleton(state)
        .AddSingleton(state.Membership)
        .AddSingleton(state.Keys)
        .AddSingleton(state.FleetTrust)
        .AddSingleton(state.Trust)
        .AddSingleton(state.Clock)
        .AddSingleton(state.Epochs)
        .AddSingleton(state.Journal)
        .AddSingleton(state.Executions)
        .AddSingleton(state.Spool);

    private static IServiceCollection AddClock(this IServiceCollection services) => services
        .AddSingleton<IClockDiscipline, KernelDiscipline>()
        .AddSingleton<WallClock>()
        .AddSingleton<BeaconReceiver>()
        .AddSingleton<TimeKeeper>()
        .AddSingleton(p => new Producer(p.GetRequiredService<TimeKeeper>().RunAsync))
        .AddSingleton<IStatusPart, ClockStatus>();

    private static IServiceCollection AddUplink(this IServiceCollection services, AgentState state) => services
        .AddSingleton<UplinkWriter>()
        .AddSingleton<SecurityLog>()
        .AddSingleton<VolatileOutbox>()
        .AddSingleton<EventReporter>()
        .AddSingleton<IEventSink>(p => p.GetRequiredService<EventReporter>())
        .AddSingleton<GapReporter>()
        .AddSingleton<SeriesNumbers>()
        .AddSingleton<SeriesAnswers>()
        .AddSingleton(_ => new UnsealedSamples(state.Disk, state.Folder.Samples))
        .AddSingleton<MetricFlusher>()
        .AddSingleton<LogBatcher>()
        .AddSingleton<ILogSink>(p => p.GetRequiredService<LogBatcher>())
        .AddSingleton<ILogCheckpoints>(p => p.GetRequiredService<LogBatcher>())
        .AddSingleton<DeviceInfoReporter>()
        .AddSingleton<KeyRotator>()
        .AddSingleton<EpochFrames>()
        .AddSingleton<ControlPause>()
        .AddSingleton(p => new DataMeter(
            state.Disk,
            state.Folder.Data,
            p.GetRequiredService<AgentOptions>().Uplink,
            p.GetRequiredService<WallClock>(),
            p.GetRequiredService<IEventSink>(),
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILogger<DataMeter>>()))
        .AddSingleton<UplinkFlow>()
        .AddSingleton<SendOrder>()
        .AddSingleton<UplinkSender>()
        .AddSingleton<SpoolKeeper>();

    private static IServiceCollection AddTransport(this IServiceCollection services) => services
        .AddSingleton<ConnectionState>()
        .AddSingleton<ConnectionKeeper>()
        .AddSingleton(p => new ProxySettings(p.GetRequiredService<AgentOptions>().Transport, Environment.GetEnvironmentVariable))
        .AddSingleton<LinkCost>()
        .AddSingleton<NetworkManagerWatch>()
        .AddSingleton(p => new Dialer(p.GetRequiredService<ProxySettings>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<DataMeter>().Count))
        .AddSingleton<LinkOpener>()
        .AddSingleton(p => new EndpointMemory(p.GetRequiredService<AgentState>().Disk, p.GetRequiredService<AgentState>().Folder.Endpoint))
        .AddSingleton(p =>
        {
            var options = p.GetRequiredService<AgentOptions>().Transport;
            var settings = new ChoiceSettings
            {
                ConnectTimeout = options.ConnectTimeout,
                KeepAlive = options.KeepAlive,
                BackoffMinimum = options.BackoffMinimum,
                BackoffMaximum = options.BackoffMaximum,
                ProbeInterval = options.ProbeInterval,
            };
            return new EndpointChoice(p.GetRequiredService<AgentState>().Membership.DeviceId, settings, Jitter.Next);
        })
        .AddSingleton<IRelayConnector>(p =>
        {
            var state = p.GetRequiredService<AgentState>();
            return new MqttRelayConnector(
                state.Membership.DeviceId,
                state.Membership.Groups,
                () => state.FleetTrust.Current.Notice.TlsPins,
                p.GetRequiredService<LinkOpener>(),
                p.GetRequiredService<TimeProvider>());
        })
        .AddSingleton<ControlWord>()
        .AddSingleton<ControlProbe>()
        .AddSingleton<DownEpochs>()
        .AddSingleton<DownlinkReceiver>();

    private static IServiceCollection AddTrust(this IServiceCollection services) => services
        .AddSingleton<TrustReceiver>()
        .AddSingleton<TrustFetcher>()
        .AddSingleton(p => new Producer(p.GetRequiredService<TrustFetcher>().RunAsync))
        .AddSingleton<IStatusPart>(p => p.GetRequiredService<TrustFetcher>());

    private static IServiceCollection AddAudit(this IServiceCollection services, AgentState state) => services
        .AddSingleton(p => new LogWitness(
            state.Disk, state.Folder.Witness, state.FleetTrust, p.GetRequiredService<SecurityLog>(), p.GetRequiredService<IEventSink>(), p.GetRequiredService<TimeProvider>()))
        .AddSingleton<ExecutionReporter>()
        .AddSingleton(p => new Producer(p.GetRequiredService<ExecutionReporter>().RunAsync))
        .AddSingleton<IStatusPart>(p => p.GetRequiredService<ExecutionReporter>());

    private static IServiceCollection AddCommands(this IServiceCollection services) => services
        .AddSingleton<ScriptCatalog>()
        .AddSingleton(p => new ScriptCgroups(p.GetRequiredService<AgentOptions>().Commands.Cgroup))
        .AddSingleton<ScriptProcess>()
        .AddSingleton<ScriptRunner>()
        .AddSingleton<RunningCommands>()
        .AddSingleton<IStatusPart, LimitStatus>()
        .AddSingleton<ICommandHandler, PingHandler>()
        .AddSingleton<ICommandHandler, CollectHandler>()
        .AddSingleton<ICommandHandler, SetIntervalsHandler>()
        .AddSingleton<ICommandHandler, RestartUnitHandler>()
        .AddSingleton<ICommandHandler, RebootHandler>()
        .AddSingleton<ICommandHandler, RunScriptHandler>()
        .AddSingleton<ICommandHandler, RotateKeysHandler>()
        .AddSingleton<ICommandHandler, CancelHandler>()
        .AddSingleton<ICommandHandler, RunInlineHandler>()
        .AddSingleton<ICommandHandler, FileReadHandler>()
        .AddSingleton<ICommandHandler>(p => new FileWriteHandler(p.GetRequiredService<AgentOptions>(), p.GetRequiredService<AgentState>().Disk))
        .AddSingleton(p => new PackageClient(p.GetRequiredService<AgentOptions>().Systemd.Packages, p.GetRequiredService<TimeProvider>()))
        .AddSingleton<ICommandHandler, PackagesHandler>()
        .AddSingleton<CommandPolicy>()
        .AddSingleton<CommandGate>()
        .AddSingleton(p => CommandReports.Through(p.GetRequiredService<UplinkWriter>(), p.GetRequiredService<TimeProvider>()))
        .AddSingleton<CommandCenter>()
        .AddSingleton<IStatusPart>(p => p.GetRequiredService<CommandCenter>());
}
