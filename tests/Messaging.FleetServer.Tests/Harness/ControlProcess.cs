using Messaging.FleetServer.Commands;
using Messaging.FleetServer.ControlPlane;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Enrolment;
using Messaging.FleetServer.Hosting;
using Messaging.FleetServer.Ingest;
using Messaging.FleetServer.Pauses;
using Messaging.FleetServer.Relaying;
using Messaging.FleetServer.Storage;
using Messaging.FleetServer.Telemetry;
using Messaging.FleetServer.Telemetry.Queries;
using Messaging.FleetServer.Trust;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Messaging.FleetServer.Tests.Harness;

/// <summary>The control role on real files, without its API; started again on the same folder it is the same server.</summary>
internal sealed class ControlProcess : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly FleetKeys _keys;

    private ControlProcess(IHost host, FleetKeys keys, LogCapture logs)
    {
        _host = host;
        _keys = keys;
        Logs = logs;
    }

    public LogCapture Logs { get; }

    public DeviceRegistry Devices => Get<DeviceRegistry>();

    public PauseBook Pauses => Get<PauseBook>();

    public ICommandService Commands => Get<ICommandService>();

    public ICommandSets Sets => Get<ICommandSets>();

    public ICommandProposals Proposals => Get<ICommandProposals>();

    public IEnrolmentService Enrolment => Get<IEnrolmentService>();

    public ITrustService Trust => Get<ITrustService>();

    public RelaySnapshot Relay => Get<IRelayStatus>().Current;

    public IngestSnapshot Ingest => Get<IIngestStatus>().Current;

    /// <summary>Set when the store kills this process.</summary>
    public KillableStore Store => (KillableStore)Get<ITelemetryStore>();

    public static async Task<ControlProcess> StartAsync(
        string folder, RelayLinkOptions relay, Func<ControlSettings, ControlSettings>? change = null, Action<IServiceCollection>? services = null)
    {
        var keys = FleetKeys.Open(Path.Combine(folder, ControlSettings.KeysFolder));
        var settings = new ControlSettings
        {
            DataFolder = folder,
            Relay = relay with { ShortestDelay = TimeSpan.FromMilliseconds(20), LongestDelay = TimeSpan.FromMilliseconds(200) },
            Enrolment = new EnrolmentOptions { BaseUrl = new Uri("http://127.0.0.1:1") },
        };
        var logs = new LogCapture();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(logs);
        builder.Services.AddSingleton(new FleetServerOptions { DataFolder = folder }).AddSingleton(TimeProvider.System);
        builder.Services.AddRegistryStorage();
        builder.Services.AddControlPlane(keys, change?.Invoke(settings) ?? settings);
        builder.Services.AddSingleton<ITelemetryStore>(provider => new KillableStore(new TelemetryStore(provider.GetRequiredService<TelemetryDatabase>())));
        services?.Invoke(builder.Services);
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new ControlProcess(host, keys, logs);
    }

    public IReadOnlyList<BootView> Boots(TestDevice device) => new BootQueries(Get<TelemetryDatabase>()).Read(device.Name, 100);

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public Task ReadyAsync() => Until.True(() => Relay.State == RelayLinkState.Ready, $"the link to the relay is ready ({Relay.LastError})");

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
        _keys.Dispose();
    }
}
